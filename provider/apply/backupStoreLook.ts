import type { NatsConnection } from "nats";
import { NatsError, problemText } from "../errors";
import { sourceText, storeText } from "../model/backup";
import type { StoreSource } from "../model/backup";
import { digestSum } from "../model/objectMeta";
import { dataFile, factsFile, sumFile, sumIn } from "./backupFiles";
import type { BackupLook, OpenedBackup } from "./backupFiles";
import { objectOf } from "./backupNote";
import type { JetStream } from "./jetstream";
import { streamInfo } from "./jetstreamStreams";
import { objectBytes, objectPieces } from "./objectDownload";
import { hasChunks, objectStream, readObject } from "./objects";
import type { LiveObject } from "./objects";
import { factsIn } from "./streamSnapshot";

/**
 * What a backup in an object store is, or why there is none. Without being `thorough` it reads what stands about the snapshot, and
 * counts its chunks; else it reads the snapshot too, once by a process as long as that stays as it is.
 */
export async function lookAtStoreBackup(js: JetStream, source: StoreSource, thorough: boolean): Promise<BackupLook> {
  const { bucket, name } = source;
  const whole = "another backup";
  const read = async (file: string): Promise<LiveObject | undefined> => {
    const live = await readObject(js, objectOf(bucket, name, file));
    return live?.meta.deleted ? undefined : live;
  };
  if (!(await streamInfo(js, objectStream({ bucket })))) {
    return { fault: { reason: `there is no ${storeText(bucket)}`, fix: "the object store that the backup is in" } };
  }
  const [facts, sum, data] = [await read(factsFile), await read(sumFile), await read(dataFile)];
  if (!facts || !data) {
    const fix = `the name before the "/" of ${factsFile} and ${dataFile} in \`nats object ls ${bucket}\``;
    return { fault: { reason: `${sourceText(source)} is no backup of a stream`, fix } };
  }
  const text = async (live: LiveObject | undefined): Promise<string> =>
    live ? ((await objectBytes(js, live.meta, live.meta, readable))?.toString("utf8") ?? "") : "";
  try {
    const said = factsIn(await text(facts));
    if (!said) {
      return {
        fault: { reason: `${factsFile} of ${sourceText(source)} does not say what the stream was`, fix: whole },
      };
    }
    const damaged = (why: string): BackupLook => ({
      fault: { reason: `${dataFile} of ${sourceText(source)} is damaged: ${why}`, fix: whole },
    });
    const { size } = data.meta;
    const digest = digestSum(data.meta.digest ?? "").toString("hex");
    const wanted = sumIn(await text(sum));
    if (said.size !== undefined && said.size !== size) {
      return damaged(`it has ${size} bytes, and ${factsFile} says ${said.size}`);
    }
    if (wanted !== undefined && wanted !== digest) {
      return damaged(`its SHA-256 is ${digest}, and ${sumFile} says ${wanted}`);
    }
    if (!(await hasChunks(js, data.meta, data))) return damaged("its chunks are not those that were stored");
    if (thorough) await knownWhole(js, data);
    return { facts: said };
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    return { fault: { reason: `${sourceText(source)} can't be read: ${error.message}`, fix: whole } };
  }
}

/** All of it is read before, since servers from 2.15 on store what comes at once. Throws NatsError where there is none that is whole. */
export async function openStoreBackup(js: JetStream, source: StoreSource): Promise<OpenedBackup> {
  const found = await lookAtStoreBackup(js, source, true);
  if (found.fault) throw new NatsError(problemText({ path: "", ...found.fault }));
  const object = objectOf(source.bucket, source.name, dataFile);
  const { meta } = (await readObject(js, object))!;
  return { facts: found.facts, pieces: objectPieces(js, object, meta) };
}

/** Bytes of what stands about a snapshot at most. */
const readable = 16 * 1024 * 1024;

/** By connection; then by chunks and entry. */
const whole = new WeakMap<NatsConnection, Map<string, Promise<void>>>();

async function knownWhole(js: JetStream, { meta, revision }: LiveObject): Promise<void> {
  const known = whole.get(js.connection) ?? new Map<string, Promise<void>>();
  whole.set(js.connection, known);
  const key = `${meta.bucket} ${meta.nuid} ${revision}`;
  const looked = known.get(key) ?? readAll(js, { meta, revision });
  known.set(key, looked);
  looked.catch(() => known.delete(key));
  return looked;
}

async function readAll(js: JetStream, { meta }: Pick<LiveObject, "meta" | "revision">): Promise<void> {
  for await (const _piece of objectPieces(js, meta, meta));
}
