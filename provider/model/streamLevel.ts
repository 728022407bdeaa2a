import type { Problem } from "../errors";
import { tooNew } from "./assetLevel";
import type { JsonObject } from "./exactJson";
import { streamFields } from "./streamFields";

const known = new Set<string>(Object.values(streamFields).map((field) => field.json));

/** Keys that are no field of a stream. */
export function strayKeys(config: JsonObject): string[] {
  return Object.keys(config).filter((key) => !known.has(key));
}

/** Fields that a server of that API level does not know, by name and level. Paths are the server's names. */
export function levelProblems(config: JsonObject, level: number, version: string): Problem[] {
  return tooNew(streamFields, config, "", level, version);
}
