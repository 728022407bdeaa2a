import { NatsError } from "../errors";
import type { JsonObject } from "../model/exactJson";
import { storeText } from "../model/backup";
import { digestSum } from "../model/objectMeta";
import { backupName, dataFile, factsFile, sumFile, sumText } from "./backupFiles";
import { backupObject, clearCutShort, noteBackup } from "./backupNote";
import type { JetStream } from "./jetstream";
import { streamInfo } from "./jetstreamStreams";
import { objectPieces } from "./objectDownload";
import { objectStream, readObject } from "./objects";
import { uploadObject } from "./objectUpload";
import { factsText, openSnapshot } from "./streamSnapshot";
import type { Snapshot, SnapshotFacts } from "./streamSnapshot";

/** As the clients of the servers' own project cut objects. */
const usualChunk = 128 * 1024;

/**
 * A stream's snapshot as three objects `<stream>-<time>/…` of a store of the same account: what it is comes last, when all else is
 * there and was read again, so that what is cut short before is no backup; the next one of the stream clears that away. `said` makes
 * the configuration that it begins with again. Returns the backup's name.
 */
export async function backUpToStore(
  js: JetStream,
  stream: string,
  bucket: string,
  said: (config: JsonObject) => JsonObject,
): Promise<{ readonly name: string; readonly snapshot: Snapshot }> {
  const store = objectStream({ bucket });
  const info = await streamInfo(js, store);
  const failed = `the backup of stream "${stream}" can't be written to ${storeText(bucket)}`;
  if (!info)
    throw new NatsError(`${failed}: there is no such store. Fix: make it, or name another one (backup: { bucket })`);
  await clearCutShort(js, bucket, stream);
  const name = backupName(stream);
  try {
    await noteBackup(js, bucket, stream, name);
    const snapshot = await write(js, stream, bucket, name, said);
    await clearCutShort(js, bucket, stream);
    return { name, snapshot };
  } catch (error) {
    // What can't be cleared away now stays noted for the next one.
    await clearCutShort(js, bucket, stream).catch(() => undefined);
    if (!(error instanceof NatsError)) throw error;
    throw new NatsError(`${failed}: ${error.message}`, { cause: error });
  }
}

async function write(
  js: JetStream,
  stream: string,
  bucket: string,
  name: string,
  said: (config: JsonObject) => JsonObject,
): Promise<Snapshot> {
  const chunkSize = Math.min(usualChunk, js.connection.info?.max_payload ?? usualChunk);
  const description = `backup of stream "${stream}"`;
  /** Stores one of its files; what is read again is what was sent. */
  const put = async (file: string, open: () => AsyncIterable<Buffer> | Iterable<Buffer>) => {
    const object = backupObject(bucket, stream, name, file);
    const meta = { name: object.name, bucket, description, options: { max_chunk_size: chunkSize } };
    await uploadObject(js, { ...object, open, chunkSize, meta, after: 0 });
    const stored = await readObject(js, object);
    if (!stored) throw new NatsError(`${storeText(bucket)}: "${object.name}" was stored and is gone already`);
    for await (const _piece of objectPieces(js, object, stored.meta));
    return { size: stored.meta.size, digest: digestSum(stored.meta.digest ?? "").toString("hex") };
  };
  let facts: SnapshotFacts | undefined;
  const data = await put(dataFile, async function* () {
    const { pieces, ...rest } = await openSnapshot(js, stream);
    facts = rest;
    yield* pieces;
  });
  const snapshot: Snapshot = { ...facts!, ...data };
  await put(sumFile, () => [Buffer.from(sumText(snapshot.digest))]);
  await put(factsFile, () => [Buffer.from(factsText({ ...snapshot, config: said(snapshot.config) }))]);
  return snapshot;
}
