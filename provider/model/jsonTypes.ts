import { isObject } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import type { Field, Fields } from "./jsonFields";
import { bounds } from "./wholeBounds";

/**
 * The server's parser takes a key in any case, and of two that differ only in case the later one: the same object with the
 * keys that it means. What is no field stays as it is.
 */
export function canonicalKeys(json: JsonObject, fields: Fields): JsonObject {
  const known = new Map(Object.values(fields).map((field): [string, Field] => [field.json.toLowerCase(), field]));
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(json)) {
    if (value === undefined) continue;
    const field = known.get(key.toLowerCase());
    result[field?.json ?? key] = field ? canonicalValue(value, field) : value;
  }
  return result;
}

function canonicalValue(value: Json, { kind }: Field): Json {
  if (typeof kind !== "object") return value;
  if ("object" in kind && isObject(value)) return canonicalKeys(value, kind.object);
  if (!("list" in kind) || !Array.isArray(value)) return value;
  return (value as readonly Json[]).map((member) => (isObject(member) ? canonicalKeys(member, kind.list) : member));
}

/** Members that the server's own parser does not take, each as `path: what is wanted`. Unknown keys are no matter of types. */
export function typeFaults(json: JsonObject, fields: Fields, path = ""): string[] {
  return Object.values(fields).flatMap((field) => {
    const value = json[field.json];
    if (value === undefined || value === null) return [];
    return valueFaults(value, field, path === "" ? field.json : `${path}.${field.json}`);
  });
}

function valueFaults(value: Json, field: Field, path: string): string[] {
  const { kind } = field;
  const wanted = (words: string): string[] => [`${path}: ${words} is wanted`];
  const each = (is: (member: Json) => boolean, words: string): string[] =>
    Array.isArray(value) && (value as readonly Json[]).every(is) ? [] : wanted(words);
  if (typeof kind === "object") {
    if ("choices" in kind) {
      const isChoice = value === "" || (typeof value === "string" && kind.choices.includes(value));
      return isChoice ? [] : wanted(`one of ${kind.choices.join(", ")}`);
    }
    if ("words" in kind) return typeof value === "string" ? [] : wanted(`"${kind.words.off}" or "${kind.words.on}"`);
    if ("object" in kind) return isObject(value) ? typeFaults(value, kind.object, path) : wanted("an object");
    if (!Array.isArray(value)) return wanted("a list of objects");
    return (value as readonly Json[]).flatMap((member, index) =>
      isObject(member)
        ? typeFaults(member, kind.list, `${path}[${index}]`)
        : [`${path}[${index}]: an object is wanted`],
    );
  }
  switch (kind) {
    case "text":
      return typeof value === "string" ? [] : wanted("text");
    case "time":
      return typeof value === "string" && !Number.isNaN(Date.parse(value))
        ? []
        : wanted("a time as RFC 3339 writes it");
    case "flag":
      return typeof value === "boolean" ? [] : wanted("true or false");
    case "texts":
      return each((member) => typeof member === "string", "a list of texts");
    case "labels":
      return isObject(value) && Object.values(value).every((member) => typeof member === "string")
        ? []
        : wanted("an object of texts");
    case "durations":
      return each((member) => isWithin(member, bounds.int64), "a list of whole numbers (nanoseconds)");
    default: {
      const type = field.type ?? "int64";
      const unit = kind === "duration" ? " (nanoseconds)" : kind === "size" ? " (bytes)" : "";
      const [from, to] = bounds[type];
      if (isWithin(value, bounds[type])) return [];
      return wanted(`a whole number${unit}${isWhole(value) ? ` from ${from} to ${to}` : ""}`);
    }
  }
}

function isWhole(value: Json): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

function isWithin(value: Json, [from, to]: readonly [bigint, bigint]): boolean {
  return isWhole(value) && BigInt(value) >= from && BigInt(value) <= to;
}

/** Paths of keys that are no field, at any depth. */
export function strayPaths(json: JsonObject, fields: Fields, path = ""): string[] {
  const known = new Map(Object.values(fields).map((field): [string, Field] => [field.json, field]));
  return Object.entries(json).flatMap(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const field = known.get(key);
    if (!field) return value === undefined ? [] : [at];
    const { kind } = field;
    if (typeof kind !== "object") return [];
    if ("object" in kind && isObject(value)) return strayPaths(value, kind.object, at);
    if (!("list" in kind) || !Array.isArray(value)) return [];
    return (value as readonly Json[]).flatMap((member, index) =>
      isObject(member) ? strayPaths(member, kind.list, `${at}[${index}]`) : [],
    );
  });
}
