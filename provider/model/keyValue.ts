import type { Problem } from "../errors";
import { ownMetadata } from "./assetSettled";
import { assetWords } from "./assetWords";
import { bucketProblems, duplicateWindow, hiddenFields, settingsOf } from "./bucket";
import { isObject, sameJson, textOf } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { expandFields, flattenFields } from "./jsonFields";
import type { Aliases, Fields } from "./jsonFields";
import type { KeyValueSettings } from "./keyValueSettings";
import { streamOptionNames } from "./stream";
import type { ServerFacts, StreamOptions } from "./stream";
import { placementAliases, republishAliases, streamFields } from "./streamFields";
import { settledStream } from "./streamSettled";

export interface KeyValueInputs extends KeyValueSettings, StreamOptions {
  readonly bucket: string;
}

/** Before a bucket's name in that of its stream. */
export const keyValuePrefix = "KV_";

/** Every property of a bucket, by the stream's fields. */
export const keyValueFields: Fields = {
  bucket: { json: "name", kind: "text" },
  description: streamFields.description,
  history: { json: "max_msgs_per_subject", kind: "whole", default: 1, range: [1, 64] },
  ttl: streamFields.maxAge,
  limitMarkerTtl: streamFields.subjectDeleteMarkerTtl,
  maxValueSize: streamFields.maxMsgSize,
  maxBytes: streamFields.maxBytes,
  storage: streamFields.storage,
  replicas: streamFields.replicas,
  placement: streamFields.placement,
  republish: streamFields.republish,
  compression: { json: "compression", kind: { words: { off: "none", on: "s2" } }, default: "none" },
  metadata: streamFields.metadata,
  mirror: streamFields.mirror,
  sources: streamFields.sources,
};

const aliases: Aliases = {
  ...placementAliases,
  ...republishAliases,
  mirrorDomain: 'mirror: { external: { api: "$JS.<domain>.API" } }',
  adopt: "adopt",
  onDataLoss: "onDataLoss",
  name: "bucket",
  maxBucketSize: "maxBytes",
  markerTtl: "limitMarkerTtl",
  maxAge: "ttl",
  compress: "compression",
  numReplicas: "replicas",
  source: "sources",
};

const hidden = hiddenFields(keyValueFields);
const compared: Fields = { ...keyValueFields, ...hidden };

export const keyValueWords = assetWords(compared, [
  [/\bits subject\b/g, "its key"],
  [/\beach subject\b/g, "each key"],
  [/\bmessages\b/g, "values"],
  [/\bmessage\b/g, "value"],
  [/\bstream\b/g, "bucket"],
]);

/** The stream that a bucket is, as the clients of the servers' own project make it. */
export function expandKeyValue(inputs: object, problems: Problem[] = []): JsonObject {
  const { name, mirror, sources, ...rest } = expandFields(keyValueFields, settingsOf(inputs), problems, "", aliases);
  const bucket = textOf(name);
  const copies: Record<string, Json> = {};
  if (isObject(mirror)) Object.assign(copies, { mirror: withPrefix(mirror), mirror_direct: true });
  if (Array.isArray(sources)) {
    copies["sources"] = (sources as readonly Json[]).filter(isObject).map((source) => fromBucket(source, bucket));
  }
  return {
    max_msgs_per_subject: 1,
    ...rest,
    ...copies,
    name: keyValuePrefix + bucket,
    ...(mirror === undefined ? { subjects: [subjectsOf(bucket)] } : {}),
    ...(rest["subject_delete_marker_ttl"] === undefined ? {} : { allow_msg_ttl: true }),
    duplicate_window: duplicateWindow(rest["max_age"]),
    discard: "new",
    deny_delete: true,
    allow_rollup_hdrs: true,
    allow_direct: true,
  };
}

/** A bucket as a program would say it. */
export function flattenKeyValue(config: JsonObject, version: string): KeyValueInputs {
  const settled = settledStream({ ...config, metadata: ownMetadata(config["metadata"]) }, version);
  const bucket = withoutPrefix(textOf(settled["name"]));
  const { mirror, sources } = settled;
  return flattenFields(keyValueFields, {
    ...settled,
    name: bucket,
    ...(isObject(mirror) ? { mirror: { ...mirror, name: withoutPrefix(textOf(mirror["name"])) } } : {}),
    ...(Array.isArray(sources)
      ? { sources: (sources as readonly Json[]).filter(isObject).map((source) => asBucket(source, bucket)) }
      : {}),
  }) as unknown as KeyValueInputs;
}

export function keyValueProblems(inputs: object, server?: ServerFacts): Problem[] {
  return bucketProblems(inputs, expandKeyValue, keyValueWords, keyValueFields, hidden, server);
}

/** Keys with times of their own can't be switched off again, and need not be. */
export function carryKeyValue(before: JsonObject, wanted: JsonObject): JsonObject {
  return before["allow_msg_ttl"] === true ? { ...wanted, allow_msg_ttl: true } : wanted;
}

export const keyValueKind = {
  fields: compared,
  hidden: Object.keys(hidden),
  options: streamOptionNames,
  unordered: "subjects",
  expand: (inputs: object) => expandKeyValue(inputs),
  settle: settledStream,
  flatten: flattenKeyValue,
} as const;

function subjectsOf(bucket: string): string {
  return `$KV.${bucket}.>`;
}

function withPrefix(source: JsonObject): JsonObject {
  const name = textOf(source["name"]);
  return name.startsWith(keyValuePrefix) || name === "" ? source : { ...source, name: keyValuePrefix + name };
}

function withoutPrefix(name: string): string {
  return name.startsWith(keyValuePrefix) ? name.slice(keyValuePrefix.length) : name;
}

/** A source's keys keep their names in the new bucket. One with transforms of its own is taken as it is. */
function fromBucket(source: JsonObject, bucket: string): JsonObject {
  if (source["subject_transforms"] !== undefined) return source;
  const from = withoutPrefix(textOf(source["name"]));
  const renamed = withPrefix(source);
  if (source["external"] !== undefined && from === bucket) return renamed;
  return { ...renamed, subject_transforms: transformsOf(from, bucket) };
}

function transformsOf(from: string, bucket: string): Json {
  return [{ src: subjectsOf(from), dest: subjectsOf(bucket) }];
}

/** What {@link fromBucket} makes of it, undone. */
function asBucket(source: JsonObject, bucket: string): JsonObject {
  const { subject_transforms: _transforms, ...plain } = source;
  const short = { ...plain, name: withoutPrefix(textOf(source["name"])) };
  return sameJson(fromBucket(short, bucket), source) ? short : source;
}
