import { createHash, randomBytes } from "node:crypto";
import { NatsError } from "../errors";
import { chunkSubject, digestText } from "../model/objectMeta";
import type { ObjectMeta } from "../model/objectMeta";
import type { JetStream } from "./jetstream";
import { isPassing } from "./jetstreamErrors";
import { NoAck, publish } from "./jetstreamMessages";
import { countChunks, objectWords, purgeChunks, writeMeta } from "./objects";
import { clearNoted, writeNote } from "./uploadNotes";
import type { NotedObject } from "./uploadNotes";
import { sleep } from "./wait";

export interface Upload extends NotedObject {
  /** Opens the content, once for each try. */
  readonly open: () => AsyncIterable<Buffer> | Iterable<Buffer>;
  /** What the preview has seen, where it could. */
  readonly digest?: string | undefined;
  readonly chunkSize: number;
  /** Names the chunks of the object that is replaced. */
  readonly replaces?: string | undefined;
  /** Everything of the entry but what the content says. */
  readonly meta: Omit<ObjectMeta, "nuid" | "size" | "chunks" | "digest">;
  /** Revision that is replaced, 0 for none. */
  readonly after: number;
}

/**
 * Stores an object: its chunks first, a few at a time, then, when all of them are there and are what was to be stored, its entry.
 * Until that one write nobody sees anything of it, and when it does not come to that the chunks are removed. What a killed
 * process leaves is noted in the store, and the next upload of the same resource removes it.
 */
export async function uploadObject(js: JetStream, upload: Upload): Promise<void> {
  // An answer that is lost takes a whole timeout: there is time for more tries than that one.
  const deadline = Date.now() + Math.max(patience, 3 * js.timeout);
  const { bucket, replaces } = upload;
  const tried: string[] = [];
  const clear = () => Promise.all(tried.map((nuid) => purgeChunks(js, bucket, nuid)));
  await clearNoted(js, upload, replaces);
  for (let pause = 500; ; pause = Math.min(pause * 2, 4000)) {
    // Not under the same name again: a chunk of the last try that is late would come among those of this one.
    const nuid = randomName();
    tried.push(nuid);
    try {
      await writeNote(js, upload, { nuids: tried, replaces });
      await storeOnce(js, upload, nuid);
      break;
    } catch (error) {
      if (error instanceof Unsettled) throw error;
      const passes = isPassing(error) || error instanceof NoAck;
      const isLast = !passes || Date.now() + pause > deadline;
      // What can't be cleared away now stays noted for the next try, or the next `up`.
      await clear()
        .then(() => (isLast ? purgeChunks(js, bucket, upload.note) : undefined))
        .catch(() => undefined);
      if (isLast) throw error;
      await sleep(pause);
    }
  }
  // The new one is what everybody sees; chunks of the old one and of tries before are only in the way.
  await clearNoted(js, upload, tried.at(-1));
}

/** Least milliseconds from the first try to the last one's beginning. */
const patience = 30_000;

/** 22 letters and digits, as clients name chunks. */
export function chunkName(bytes: Buffer): string {
  return bytes.toString("base64url").replace(/[-_]/g, "0").slice(0, 22);
}

function randomName(): string {
  return chunkName(randomBytes(18));
}

async function storeOnce(js: JetStream, upload: Upload, nuid: string): Promise<void> {
  const stored = await storeChunks(js, upload, nuid);
  if (upload.digest !== undefined && stored.digest !== upload.digest) {
    throw new NatsError(`${objectWords(upload)}: the content has changed since the preview. Fix: run pulumi up again`);
  }
  const found = await countChunks(js, upload, nuid);
  if (found !== stored.chunks) {
    throw new NatsError(
      `${objectWords(upload)}: of ${stored.chunks} chunks ${found} are left: is the store's ttl too short?`,
    );
  }
  const mtime = new Date().toISOString();
  try {
    await writeMeta(js, upload, { ...upload.meta, nuid, ...stored, mtime, deleted: false }, upload.after);
  } catch (error) {
    throw error instanceof NoAck ? new Unsettled(error) : error;
  }
}

/** The entry may still arrive, and then needs its chunks: they stay, and the next `up` finds the object or clears them away. */
class Unsettled extends NatsError {
  constructor(cause: NoAck) {
    super(`${cause.message}; whether the object is stored is not known. Fix: run pulumi up again`, { cause });
  }
}

/** Bytes under way at most: fast enough for a long line, nothing for the memory. */
const window = 4 * 1024 * 1024;

async function storeChunks(
  js: JetStream,
  upload: Upload,
  nuid: string,
): Promise<{ readonly size: number; readonly chunks: number; readonly digest: string }> {
  const sum = createHash("sha256");
  const subject = chunkSubject(upload.bucket, nuid);
  const underWay = new Set<Promise<void>>();
  const atOnce = Math.max(1, Math.floor(window / upload.chunkSize));
  let failure: Error | undefined;
  let [size, chunks] = [0, 0];
  try {
    for await (const chunk of chunksOf(upload.open(), upload.chunkSize)) {
      sum.update(chunk);
      size += chunk.length;
      chunks++;
      const sent: Promise<void> = publish(js, subject, chunk, {}, objectWords(upload))
        .then(
          () => {},
          (error: unknown) => void (failure ??= error as Error),
        )
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
      if (underWay.size >= atOnce) await Promise.race(underWay);
      if (failure) break;
    }
  } finally {
    // What is still under way would arrive after the chunks were removed.
    await Promise.all(underWay);
  }
  if (failure) throw failure;
  return { size, chunks, digest: digestText(sum.digest()) };
}

/** Pieces of any size as pieces of one size, the last one smaller. */
async function* chunksOf(source: AsyncIterable<Buffer> | Iterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let length = 0;
  for await (const piece of source) {
    pending.push(piece);
    length += piece.length;
    if (length < size) continue;
    const all = pending.length === 1 ? piece : Buffer.concat(pending);
    let start = 0;
    for (; all.length - start >= size; start += size) yield all.subarray(start, start + size);
    pending = start < all.length ? [all.subarray(start)] : [];
    length = all.length - start;
  }
  if (length > 0) yield Buffer.concat(pending);
}
