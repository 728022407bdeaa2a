import { isObject, parseJson } from "../model/exactJson";
import type { Json } from "../model/exactJson";
import { chunkSubject } from "../model/objectMeta";
import type { JetStream } from "./jetstream";
import { lastMessage, publish } from "./jetstreamMessages";
import { objectStream, objectWords, purgeChunks } from "./objects";
import type { ObjectName } from "./objects";

/** An object whose uploads are noted in its store, beside the chunks and before the first of them is there. */
export interface NotedObject extends ObjectName {
  /** Name of the note itself: that of chunks which nobody uses, the same for each run of one resource and for no other one. */
  readonly note: string;
}

/** What a run may leave behind. */
export interface UploadNote {
  /** Names of its chunks, by try. */
  readonly nuids: readonly string[];
  /** Name of the chunks that are in the way once one of those is the object. */
  readonly replaces?: string | undefined;
}

/** Notes it in place of what was noted before. */
export async function writeNote(js: JetStream, object: NotedObject, note: UploadNote): Promise<void> {
  const subject = chunkSubject(object.bucket, object.note);
  await publish(js, subject, JSON.stringify(note), { "Nats-Rollup": "sub" }, objectWords(object));
}

/**
 * Removes chunks that a run has left, then the note of them; never those of the object that is there (`live`), nor any that
 * somebody else has stored: what was replaced goes only where the object is the one that replaced it.
 */
export async function clearNoted(js: JetStream, object: NotedObject, live: string | undefined): Promise<void> {
  const note = await readNote(js, object);
  if (!note) return;
  const { nuids, replaces } = note;
  const isReplaced = replaces !== undefined && live !== undefined && nuids.includes(live);
  const left = [...nuids, ...(isReplaced ? [replaces] : [])].filter((name) => name !== live);
  await Promise.all([...new Set(left)].map((name) => purgeChunks(js, object.bucket, name)));
  await purgeChunks(js, object.bucket, object.note);
}

async function readNote(js: JetStream, object: NotedObject): Promise<UploadNote | undefined> {
  const subject = chunkSubject(object.bucket, object.note);
  const last = await lastMessage(js, objectStream(object), subject, objectWords(object));
  const said = last && parsed(last.data);
  if (!isObject(said) || !Array.isArray(said["nuids"])) return undefined;
  const { nuids, replaces } = said as { readonly nuids: readonly Json[]; readonly replaces?: Json };
  return {
    nuids: nuids.filter((name) => typeof name === "string"),
    ...(typeof replaces === "string" ? { replaces } : {}),
  };
}

function parsed(data: Buffer): Json | undefined {
  try {
    return parseJson(data.toString("utf8"));
  } catch {
    return undefined;
  }
}
