import { isObject } from "../exactJson";
import type { Json, JsonObject } from "../exactJson";
import type { Fields } from "../jsonFields";

/** An object whose members stand under dotted names (`limits.conn`) as claims have them, at every depth. */
export function nested(flat: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(flat)) {
    const path = name.split(".");
    let place = result;
    for (const part of path.slice(0, -1)) place = (place[part] ??= {}) as Record<string, Json>;
    if (value !== undefined) place[path.at(-1)!] = nestedValue(value);
  }
  return result;
}

/** The other way, for the members that `fields` name. */
export function flat(fields: Fields, claims: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const { json, kind } of Object.values(fields)) {
    let value: Json | undefined = claims;
    for (const part of json.split(".")) value = isObject(value) ? value[part] : undefined;
    if (value === undefined) continue;
    if (typeof kind === "object" && "object" in kind && isObject(value)) {
      result[json] = flat(kind.object, value);
    } else if (typeof kind === "object" && "list" in kind && Array.isArray(value)) {
      result[json] = (value as readonly JsonObject[]).map((member) => flat(kind.list, member));
    } else result[json] = value;
  }
  return result;
}

function nestedValue(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(nestedValue);
  return isObject(value) ? nested(value) : value;
}

/** Without what Go leaves out of JSON: what is 0 or false is not said. */
export function withoutEmpty(claims: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== 0 && value !== false));
}
