import { createHash } from "node:crypto";
import { chunkSubject } from "../model/objectMeta";
import { dataFile, factsFile, sumFile } from "./backupFiles";
import type { JetStream } from "./jetstream";
import { lastMessage, publish } from "./jetstreamMessages";
import { hasChunks, objectStream, objectWords, purgeChunks, readObject, removeObject } from "./objects";
import type { ObjectName } from "./objects";
import { chunkName } from "./objectUpload";
import { clearNoted } from "./uploadNotes";
import type { NotedObject } from "./uploadNotes";

/** Notes in the store, before anything of it is there, which backup of the stream is being written. */
export async function noteBackup(js: JetStream, bucket: string, stream: string, name: string): Promise<void> {
  const subject = chunkSubject(bucket, noteName(stream, ""));
  await publish(js, subject, name, { "Nats-Rollup": "sub" }, objectWords({ bucket, name }));
}

/** One of the files of a backup as an object; its uploads are noted by stream, the same for each backup of it. */
export function backupObject(bucket: string, stream: string, name: string, file: string): NotedObject {
  return { ...objectOf(bucket, name, file), note: noteName(stream, file) };
}

export function objectOf(bucket: string, name: string, file: string): ObjectName {
  return { bucket, name: `${name}/${file}` };
}

/** Removes what a backup of the stream that was cut short has left, and the note of it. One that is whole stays. */
export async function clearCutShort(js: JetStream, bucket: string, stream: string): Promise<void> {
  const note = noteName(stream, "");
  const store = { bucket, name: stream };
  const last = await lastMessage(js, objectStream(store), chunkSubject(bucket, note), objectWords(store));
  if (!last) return;
  const name = last.data.toString("utf8");
  const facts = objectOf(bucket, name, factsFile);
  const end = await readObject(js, facts);
  // It is stored last of all.
  const isWhole = end !== undefined && end.meta.deleted !== true && (await hasChunks(js, facts, end));
  for (const file of [factsFile, sumFile, dataFile]) {
    const object = backupObject(bucket, stream, name, file);
    const live = await readObject(js, object);
    const isThere = live !== undefined && live.meta.deleted !== true;
    if (isThere && !isWhole) await removeObject(js, object, live);
    await clearNoted(js, object, isThere && isWhole ? live.meta.nuid : undefined);
  }
  await purgeChunks(js, bucket, note);
}

function noteName(stream: string, file: string): string {
  const all = JSON.stringify(["backup", stream, file]);
  return chunkName(createHash("sha256").update(all).digest());
}
