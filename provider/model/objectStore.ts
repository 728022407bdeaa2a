import type { Problem } from "../errors";
import { ownMetadata } from "./assetSettled";
import { assetWords } from "./assetWords";
import { bucketProblems, duplicateWindow, hiddenFields, settingsOf } from "./bucket";
import { objectStorePrefix } from "./bucketName";
import { textOf } from "./exactJson";
import type { JsonObject } from "./exactJson";
import { expandFields, flattenFields } from "./jsonFields";
import type { Aliases, Fields } from "./jsonFields";
import { keyValueFields } from "./keyValue";
import type { ObjectStoreSettings } from "./objectStoreSettings";
import { streamOptionNames } from "./stream";
import type { ServerFacts, StreamOptions } from "./stream";
import { placementAliases, streamFields } from "./streamFields";
import { settledStream } from "./streamSettled";

export interface ObjectStoreInputs extends ObjectStoreSettings, StreamOptions {
  readonly bucket: string;
}

const { bucket, description, ttl, maxBytes, storage, replicas, placement, compression, metadata } = keyValueFields;

/** Every property of an object store, by the stream's fields. */
export const objectStoreFields = {
  bucket,
  description,
  ttl,
  maxBytes,
  storage,
  replicas,
  placement,
  compression,
  metadata,
  sealed: streamFields.sealed,
} as Fields;

const aliases: Aliases = {
  ...placementAliases,
  adopt: "adopt",
  onDataLoss: "onDataLoss",
  name: "bucket",
  maxBucketSize: "maxBytes",
  maxAge: "ttl",
  compress: "compression",
  numReplicas: "replicas",
};

const hidden = hiddenFields(objectStoreFields);
const compared: Fields = { ...objectStoreFields, ...hidden };

export const objectStoreWords = assetWords(compared, [
  [/\bmessages\b/g, "chunks"],
  [/\bmessage\b/g, "chunk"],
  [/\bstream\b/g, "object store"],
]);

/** The stream that an object store is, as the clients of the servers' own project make it. */
export function expandObjectStore(inputs: object, problems: Problem[] = []): JsonObject {
  const { name, ...rest } = expandFields(objectStoreFields, settingsOf(inputs), problems, "", aliases);
  const store = textOf(name);
  return {
    ...rest,
    name: objectStorePrefix + store,
    subjects: [`$O.${store}.C.>`, `$O.${store}.M.>`],
    duplicate_window: duplicateWindow(rest["max_age"]),
    discard: "new",
    allow_rollup_hdrs: true,
    allow_direct: true,
  };
}

/** An object store as a program would say it. */
export function flattenObjectStore(config: JsonObject, version: string): ObjectStoreInputs {
  const settled = settledStream({ ...config, metadata: ownMetadata(config["metadata"]) }, version);
  const name = textOf(settled["name"]);
  const store = name.startsWith(objectStorePrefix) ? name.slice(objectStorePrefix.length) : name;
  return flattenFields(objectStoreFields, { ...settled, name: store }) as unknown as ObjectStoreInputs;
}

export function objectStoreProblems(inputs: object, server?: ServerFacts): Problem[] {
  return bucketProblems(inputs, expandObjectStore, objectStoreWords, objectStoreFields, hidden, server);
}

export const objectStoreKind = {
  fields: compared,
  hidden: Object.keys(hidden),
  options: streamOptionNames,
  unordered: "subjects",
  expand: (inputs: object) => expandObjectStore(inputs),
  settle: settledStream,
  flatten: flattenObjectStore,
} as const;
