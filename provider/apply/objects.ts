import { objectStorePrefix } from "../model/bucketName";
import { chunkSubject, metaOf, metaSubject } from "../model/objectMeta";
import type { ObjectMeta } from "../model/objectMeta";
import type { JetStream } from "./jetstream";
import { firstMessage, lastMessage, publishNext } from "./jetstreamMessages";
import type { StoredMessage } from "./jetstreamMessages";
import { purgeStream, subjectsOf } from "./jetstreamStreams";

export interface ObjectName {
  readonly bucket: string;
  readonly name: string;
}

/** What a store says last of an object: that it is there, or that it was deleted. */
export interface LiveObject {
  readonly meta: ObjectMeta;
  readonly revision: number;
  /** RFC 3339. */
  readonly modified: string;
}

/** undefined where the store has never heard of it, or there is no such store. */
export async function readObject(js: JetStream, object: ObjectName): Promise<LiveObject | undefined> {
  const subject = metaSubject(object.bucket, object.name);
  const last = await lastMessage(js, objectStream(object), subject, objectWords(object));
  const meta = last && metaOf(last.data);
  return meta && { meta, revision: last.sequence, modified: last.time };
}

/** Says something of an object where revision `after` is still the last one, 0 for none; the object is what its last entry says. */
export async function writeMeta(js: JetStream, object: ObjectName, meta: ObjectMeta, after: number): Promise<void> {
  const isDone = (last: StoredMessage) => {
    const stored = metaOf(last.data);
    return stored?.nuid === meta.nuid && stored.deleted === meta.deleted && stored.mtime === meta.mtime;
  };
  await publishNext(js, {
    stream: objectStream(object),
    subject: metaSubject(object.bucket, object.name),
    data: JSON.stringify(meta),
    headers: { "Nats-Rollup": "sub" },
    after,
    isDone,
    what: objectWords(object),
  });
}

/** Takes an object out of sight at once, then its chunks out of the store. */
export async function removeObject(js: JetStream, object: ObjectName, live: LiveObject): Promise<void> {
  const { digest: _digest, ...rest } = live.meta;
  const mtime = new Date().toISOString();
  await writeMeta(js, object, { ...rest, size: 0, chunks: 0, digest: "", deleted: true, mtime }, live.revision);
  await purgeChunks(js, object.bucket, live.meta.nuid);
}

export async function countChunks(js: JetStream, object: ObjectName, nuid: string): Promise<number> {
  const subject = chunkSubject(object.bucket, nuid);
  for await (const page of subjectsOf(js, objectStream(object), subject)) return page[subject] ?? 0;
  return 0;
}

/**
 * An entry may be there whose chunks are gone, by the store's ttl or since somebody removed them; or are others, which then came
 * after it: an entry is written when all chunks are there. None of them is read.
 */
export async function hasChunks(js: JetStream, object: ObjectName, live: LiveObject): Promise<boolean> {
  const { meta } = live;
  if (meta.chunks === 0) return true;
  return (await countChunks(js, object, meta.nuid)) === meta.chunks && !(await hasLaterChunks(js, object, live));
}

async function hasLaterChunks(js: JetStream, object: ObjectName, { meta, revision }: LiveObject): Promise<boolean> {
  const chunks = chunkSubject(object.bucket, meta.nuid);
  return (await firstMessage(js, objectStream(object), chunks, revision + 1, objectWords(object))) !== undefined;
}

export async function purgeChunks(js: JetStream, bucket: string, nuid: string): Promise<void> {
  if (nuid === "") return;
  await purgeStream(js, objectStorePrefix + bucket, chunkSubject(bucket, nuid));
}

export function objectStream({ bucket }: { readonly bucket: string }): string {
  return objectStorePrefix + bucket;
}

export function objectWords({ bucket, name }: ObjectName): string {
  return `object "${name}" of store "${bucket}"`;
}
