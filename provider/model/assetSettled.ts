import { isObject, sameJson } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { defaultOf } from "./jsonFields";
import type { Field, Fields } from "./jsonFields";
import { expandTime } from "./times";

/** Metadata key by which a stack knows its own objects; filtered out of everything that users see. */
export const ownerKey = "pulumi-nats.owner";

/** Keys of ours, as long as they are there. */
const ownKeys: readonly string[] = [
  ownerKey,
  "pulumi-nats.replacement",
  "pulumi-nats.parked",
  "pulumi-nats.moved",
  "pulumi-nats.resumed",
  "pulumi-nats.consumer",
];

/** Every field of a configuration in the one spelling that compares, defaults included, foreign metadata left out. */
export function settledFields(fields: Fields, config: JsonObject): Record<string, Json | undefined> {
  const settled: Record<string, Json | undefined> = {};
  for (const field of Object.values(fields)) settled[field.json] = settledValue(field, config[field.json]);
  settled["metadata"] = ownMetadata(config["metadata"]);
  return settled;
}

function settledValue(field: Field, value: Json | undefined): Json | undefined {
  const { kind } = field;
  if (value === null || value === undefined || value === "") return defaultOf(field);
  if (kind === "limit" || kind === "size") return Number(value) <= 0 ? -1 : value;
  if (kind === "whole" && field.range) return value === 0 ? defaultOf(field) : value;
  if (kind === "time") return expandTime(value) ?? value;
  if (kind === "texts" || kind === "durations") return Array.isArray(value) && value.length === 0 ? undefined : value;
  if (typeof kind === "object" && "object" in kind && isObject(value))
    return settledObject(field.json, kind.object, value);
  if (typeof kind === "object" && "list" in kind && Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return (value as readonly Json[]).map((member) => (isObject(member) ? dropDefaults(kind.list, member) : member));
  }
  return value;
}

function settledObject(name: string, fields: Fields, value: JsonObject): Json | undefined {
  const inner = dropDefaults(fields, value);
  if (name === "republish") return { src: ">", ...inner };
  return Object.keys(inner).length === 0 && name !== "mirror" ? undefined : inner;
}

function dropDefaults(fields: Fields, value: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = {};
  const byName = new Map(Object.values(fields).map((field) => [field.json, field]));
  for (const [key, member] of Object.entries(value)) {
    const field = byName.get(key);
    const inner = field ? settledValue(field, member) : member;
    if (inner === undefined || (field && sameJson(inner, defaultOf(field)))) continue;
    result[key] = inner;
  }
  return result;
}

/** Metadata without what servers and this library add. */
export function ownMetadata(value: Json | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const own = Object.entries(value).filter(([key]) => !key.startsWith("_nats.") && !ownKeys.includes(key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}
