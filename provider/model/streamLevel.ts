import type { Problem } from "../errors";
import { tooNew } from "./assetLevel";
import type { JsonObject } from "./exactJson";
import { strayPaths } from "./jsonTypes";
import { streamFields } from "./streamFields";

/** Keys that are no field of a stream, at any depth; the one that only a check explains better is not among them. */
export function strayKeys(config: JsonObject): string[] {
  return strayPaths(config, streamFields).filter((path) => path !== "placement.preferred");
}

/** Fields that a server of that API level does not know, by name and level. Paths are the server's names. */
export function levelProblems(config: JsonObject, level: number, version: string): Problem[] {
  return tooNew(streamFields, config, "", level, version);
}
