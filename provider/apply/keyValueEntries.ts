import { deletionOf } from "../model/keyValueOperation";
import { keyValuePrefix } from "../model/keyValue";
import type { JetStream } from "./jetstream";
import { errorCodes, JetStreamError } from "./jetstreamErrors";
import { headerSize, lastMessage, publishNext, TooLarge } from "./jetstreamMessages";
import type { StoredMessage } from "./jetstreamMessages";

/** Who wrote a value, so that an interrupted create finds its own again. */
const ownerHeader = "Pulumi-Nats-Owner";
const ttlHeader = "Nats-TTL";

/** The last that a bucket holds of a key, a value or the mark of its end. */
export interface Entry {
  readonly revision: number;
  /** RFC 3339. */
  readonly created: string;
  readonly value: Buffer;
  /** Time of its own, as the header says it. */
  readonly ttl: string | undefined;
  readonly owner: string | undefined;
  readonly deletion: "deleted" | "purged" | "expired" | undefined;
}

export interface KeyName {
  readonly bucket: string;
  readonly key: string;
}

/** undefined where the bucket has never heard of the key, or there is no such bucket. */
export async function readEntry(js: JetStream, name: KeyName): Promise<Entry | undefined> {
  const last = await lastMessage(js, streamOf(name), subjectOf(name), wordsFor(name));
  if (!last) return undefined;
  return {
    revision: last.sequence,
    created: last.time,
    value: last.data,
    ttl: last.headers.get(ttlHeader),
    owner: last.headers.get(ownerHeader),
    deletion: deletionOf(last.headers),
  };
}

/** Writes the value where revision `after` is still the last one, 0 for none; returns the new revision. */
export async function writeEntry(
  js: JetStream,
  name: KeyName,
  value: Buffer,
  after: number,
  options: { readonly ttl?: string | undefined; readonly owner?: string | undefined },
): Promise<number> {
  const plain = timeHeaders(options.ttl);
  const isDone = (last: StoredMessage) => last.data.equals(value) && last.headers.get(ttlHeader) === options.ttl;
  const next = { ...nextOf(js, name), data: value, after, isDone };
  if (options.owner === undefined) return publishNext(js, { ...next, headers: plain });
  try {
    return await publishNext(js, { ...next, headers: { ...plain, [ownerHeader]: options.owner } });
  } catch (error) {
    // The largest values leave no room for a name.
    const isFull =
      error instanceof TooLarge || (error instanceof JetStreamError && error.code === errorCodes.messageTooLarge);
    if (!isFull) throw error;
    return publishNext(js, { ...next, headers: plain });
  }
}

/** Bytes beside the value that count where a bucket limits it. */
export function sizeBeside(ttl: string | undefined, after: number): number {
  return headerSize(timeHeaders(ttl), after);
}

function timeHeaders(ttl: string | undefined): Readonly<Record<string, string>> {
  return ttl === undefined ? {} : { [ttlHeader]: ttl };
}

/** Marks the key as deleted where revision `after` is still the last one; a purge also removes its earlier values. */
export async function endEntry(js: JetStream, name: KeyName, after: number, purge: boolean): Promise<void> {
  const headers: Record<string, string> = purge
    ? { "KV-Operation": "PURGE", "Nats-Rollup": "sub" }
    : { "KV-Operation": "DEL" };
  const isDone = (last: StoredMessage) => deletionOf(last.headers) !== undefined;
  await publishNext(js, { ...nextOf(js, name), data: "", headers, after, isDone });
}

export function wordsFor({ bucket, key }: KeyName): string {
  return `key "${key}" of bucket "${bucket}"`;
}

function nextOf(js: JetStream, name: KeyName) {
  const subject = subjectOf(name);
  return { stream: streamOf(name), subject, through: js.keySubject(subject), what: wordsFor(name) };
}

function streamOf({ bucket }: KeyName): string {
  return keyValuePrefix + bucket;
}

function subjectOf({ bucket, key }: KeyName): string {
  return `$KV.${bucket}.${key}`;
}
