import { isObject, sameJson } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { defaultOf } from "./jsonFields";
import type { Field, Fields } from "./jsonFields";
import { atLeast } from "./serverRelease";
import { streamFields } from "./streamFields";
import { expandTime } from "./times";

/** Metadata key by which a stack knows its own objects; filtered out of everything that users see. */
export const ownerKey = "pulumi-nats.owner";

const defaultWindow = 120_000_000_000;

/**
 * A stream's configuration as a server keeps it: every field is there, defaults and what the server sets by itself included,
 * what it or we add to the metadata left out. Two configurations are the same for the server when these are equal.
 */
export function settledStream(config: JsonObject, version: string): JsonObject {
  const settled: Record<string, Json | undefined> = {};
  for (const field of Object.values(streamFields)) settled[field.json] = settledValue(field, config[field.json]);
  settled["metadata"] = ownMetadata(config["metadata"]);

  const isCopy = settled["mirror"] !== undefined;
  const hasSources = settled["sources"] !== undefined;
  if (settled["subjects"] === undefined && !isCopy && !hasSources && typeof config["name"] === "string") {
    settled["subjects"] = [config["name"]];
  }
  const maxAge = Number(settled["max_age"]);
  const needsWindow = !isCopy && (!hasSources || !atLeast(version, "2.14"));
  if (settled["duplicate_window"] === 0 && needsWindow) {
    settled["duplicate_window"] = maxAge > 0 && maxAge < defaultWindow ? maxAge : defaultWindow;
  }
  if (Number(settled["subject_delete_marker_ttl"]) > 0) settled["allow_msg_ttl"] = true;
  const rollsUp = Number(settled["subject_delete_marker_ttl"]) > 0 || settled["allow_msg_schedules"] === true;
  if (rollsUp && settled["allow_rollup_hdrs"] !== true) {
    settled["allow_rollup_hdrs"] = true;
    settled["deny_purge"] = false;
  }
  if (settled["sealed"] === true) {
    Object.assign(settled, {
      max_age: 0,
      discard: "new",
      deny_delete: true,
      deny_purge: true,
      allow_rollup_hdrs: false,
    });
  }
  return settled;
}

function settledValue(field: Field, value: Json | undefined): Json | undefined {
  const { kind } = field;
  if (value === null || value === undefined || value === "") return defaultOf(field);
  if (kind === "limit" || kind === "size") return Number(value) <= 0 ? -1 : value;
  if (kind === "whole" && field.range) return value === 0 ? defaultOf(field) : value;
  if (kind === "time") return expandTime(value) ?? value;
  if (kind === "texts") return Array.isArray(value) && value.length === 0 ? undefined : value;
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
  const own = Object.entries(value).filter(([key]) => !key.startsWith("_nats.") && key !== ownerKey);
  return own.length === 0 ? undefined : Object.fromEntries(own);
}
