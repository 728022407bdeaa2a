import type { Problem } from "../errors";
import { isObject, sameJson } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { defaultOf } from "./jsonFields";
import type { Fields } from "./jsonFields";

/**
 * Fields that a server of that API level does not know, by name and level. Paths are the server's names. A `strict` server
 * refuses them with their default too.
 */
export function tooNew(
  fields: Fields,
  config: JsonObject,
  path: string,
  level: number,
  version: string,
  strict = false,
): Problem[] {
  const problems: Problem[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = config[field.json];
    if (value === undefined || (!strict && sameJson(value, defaultOf(field)))) continue;
    const at = path === "" ? field.json : `${path}.${field.json}`;
    if ((field.level ?? 0) > level) {
      const reason = `${name} needs nats-server ${field.release} (API level ${field.level}); this server is ${version} (API level ${level})`;
      problems.push({ path: at, reason, fix: `leave out ${name}, or upgrade the servers` });
    } else if (typeof field.kind === "object" && "object" in field.kind && isObject(value)) {
      problems.push(...tooNew(field.kind.object, value, at, level, version, strict));
    } else if (typeof field.kind === "object" && "list" in field.kind && Array.isArray(value)) {
      const { list } = field.kind;
      (value as readonly Json[]).forEach((member, index) => {
        if (isObject(member)) problems.push(...tooNew(list, member, `${at}[${index}]`, level, version, strict));
      });
    }
  }
  return problems;
}
