import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import type { JetStream } from "../apply/jetstream";
import { WriteConflict } from "../apply/jetstreamMessages";
import { streamInfo } from "../apply/jetstreamStreams";
import { fileSize } from "../apply/localFile";
import {
  hasChunks,
  objectStream,
  objectWords,
  purgeChunks,
  readObject,
  removeObject,
  writeMeta,
} from "../apply/objects";
import type { LiveObject, ObjectName } from "../apply/objects";
import { chunkName, uploadObject } from "../apply/objectUpload";
import { clearNoted } from "../apply/uploadNotes";
import type { NotedObject } from "../apply/uploadNotes";
import { NatsError, problemText } from "../errors";
import type { CallContext } from "../host/handler";
import { isOurs } from "../model/ownership";
import { bytesOf, payloadDigest } from "../model/payload";
import { chunkBytes, describedChanges, describedMeta, objectOwner } from "../model/storedObject";
import type { StoredObjectInputs } from "../model/storedObject";
import { allowedForAll } from "./allowedForAll";
import { jetStreamOf } from "./jetstreamOf";
import {
  described,
  isLive,
  isOtherObject,
  mustBeObject,
  objectId,
  objectOfId,
  objectStateOf,
  takenObject,
} from "./storedObjectState";
import type { StoredObjectState } from "./storedObjectState";
import { staysElsewhere } from "./staysElsewhere";

/** Stores an object that is not there yet, or is there since a create of this very resource was cut short. */
export async function createObject(
  context: CallContext,
  inputs: StoredObjectInputs,
): Promise<{ readonly id: string; readonly state: StoredObjectState }> {
  const js = await jetStreamOf(context);
  const live = await readObject(js, inputs);
  const id = objectId(inputs);
  if (!live) await mustExist(js, inputs);
  if (live && live.meta.deleted !== true) {
    mustBeObject(live.meta, objectWords(inputs));
    const owner = objectOwner(live.meta);
    const isOwn = isOurs(context, owner);
    if (!isOwn && inputs.adopt !== true) throw new NatsError(problemText(takenObject(inputs, live)));
    // What another resource has stored is marked anew, so that its end leaves this one alone.
    const isFree = isOwn || owner === undefined;
    if (isFree && (await isWhole(context, js, inputs, live))) return { id, state: objectStateOf(inputs, live) };
  }
  return { id, state: await write(context, js, inputs, live) };
}

async function mustExist(js: JetStream, object: ObjectName): Promise<void> {
  if (await streamInfo(js, objectStream(object))) return;
  const fix = "make the store first; in a program, `bucket: assets.bucket` puts it in order";
  throw new NatsError(`object store "${object.bucket}" does not exist. Fix: ${fix}`);
}

/** Writes only over the object that the stack has seen. */
export async function updateObject(
  context: CallContext,
  _id: string,
  olds: StoredObjectState,
  news: StoredObjectInputs,
): Promise<StoredObjectState> {
  if (!isOtherObject(olds, news)) {
    const { digest, size, chunks, revision, modified } = olds;
    const { value: _value, json: _json, base64: _base64, ...rest } = news;
    return { ...rest, digest, size, chunks, revision, modified };
  }
  const js = await jetStreamOf(context);
  const live = await readObject(js, news);
  if (!live) await mustExist(js, news);
  if (!live || live.meta.deleted) {
    await context.warn(`${objectWords(news)} was deleted outside: it is uploaded anew`);
    return write(context, js, news, live);
  }
  mustBeObject(live.meta, objectWords(news));
  if (await isWhole(context, js, news, live)) return objectStateOf(news, live);
  if (live.revision !== olds.revision && news.onConflict !== "overwrite") throw changedElsewhere(news, live);
  return write(context, js, news, live);
}

/** Deletes the object that the stack knows; another one stays until somebody has seen it. */
export async function deleteObject(context: CallContext, id: string, state: StoredObjectState): Promise<void> {
  const js = await jetStreamOf(context);
  const name = objectOfId(id);
  const live = await readObject(js, name);
  if (!live) return;
  if (live.meta.deleted) {
    // Of a delete that was cut short.
    await purgeChunks(js, name.bucket, live.meta.nuid);
    await clearNoted(js, noted(context, name), undefined);
    return;
  }
  if (await staysElsewhere(context, objectWords(name), objectOwner(live.meta))) return;
  const allowed = state.onConflict === "overwrite" || allowedForAll();
  if (live.revision !== state.revision && !allowed) throw changedElsewhere(name, live);
  await conflictTold(() => removeObject(js, name, live));
  await clearNoted(js, noted(context, name), undefined);
}

async function write(
  context: CallContext,
  js: JetStream,
  inputs: StoredObjectInputs,
  live: LiveObject | undefined,
): Promise<StoredObjectState> {
  const meta = describedMeta(inputs, context.urn);
  const after = live?.revision ?? 0;
  const isThere = live !== undefined && live.meta.deleted !== true;
  const same = isThere && live.meta.digest === payloadDigest(inputs) && !chunksDiffer(inputs, live);
  const kept = same && (await hasChunks(js, inputs, live));
  await conflictTold(async () => {
    if (kept) {
      const { nuid, size, chunks, digest } = live.meta;
      const mtime = new Date().toISOString();
      await writeMeta(js, inputs, { ...meta, nuid, size, chunks, ...(digest ? { digest } : {}), mtime }, after);
      return;
    }
    const chunkSize = Math.min(chunkBytes(inputs), js.connection.info?.max_payload ?? chunkBytes(inputs));
    const open = await sourceOf(inputs);
    const replaces = isThere ? live.meta.nuid : undefined;
    const object = noted(context, inputs);
    await uploadObject(js, { ...object, open, digest: payloadDigest(inputs), chunkSize, replaces, meta, after });
  });
  const stored = await readObject(js, inputs);
  if (!stored || stored.meta.deleted) {
    throw new NatsError(`${objectWords(inputs)} was stored and is gone already: is the store's ttl too short?`);
  }
  return objectStateOf(inputs, stored);
}

/** Read as it is sent: a file of any size stays on its disk. */
async function sourceOf(inputs: StoredObjectInputs): Promise<() => AsyncIterable<Buffer> | Iterable<Buffer>> {
  const { file } = inputs;
  if (file !== undefined) {
    await fileSize(file);
    return () => createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  }
  const bytes = bytesOf(inputs);
  if (!bytes) throw new NatsError(`${objectWords(inputs)}: there is nothing to store. Fix: file: "logo.svg"`);
  return () => [bytes];
}

/** What is wanted is there already, with its content; what a run that was cut short has left beside it goes. */
async function isWhole(
  context: CallContext,
  js: JetStream,
  inputs: StoredObjectInputs,
  live: LiveObject,
): Promise<boolean> {
  if (!isLive(inputs, live) || !(await hasChunks(js, inputs, live))) return false;
  await clearNoted(js, noted(context, inputs), live.meta.nuid);
  return true;
}

function noted({ urn }: CallContext, { bucket, name }: ObjectName): NotedObject {
  const all = JSON.stringify([urn ?? randomUUID(), bucket, name]);
  return { bucket, name, note: chunkName(createHash("sha256").update(all).digest()) };
}

function chunksDiffer(inputs: StoredObjectInputs, live: LiveObject): boolean {
  return describedChanges(described(live, inputs), inputs).includes("chunkSize");
}

async function conflictTold(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    throw new NatsError(`${error.message}; nothing of it was changed. Fix: pulumi refresh, then pulumi up`, {
      cause: error,
    });
  }
}

function changedElsewhere(name: ObjectName, live: LiveObject): NatsError {
  const what = `${objectWords(name)} was changed elsewhere (of ${live.modified})`;
  return new NatsError(`${what}. Fix: pulumi refresh, then look at the preview; or onConflict: "overwrite"`);
}
