import { formatJson, isObject, parseJson, textOf } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { parkedKey, parkedSubject, withoutMove } from "../model/replacement";
import type { JetStream } from "./jetstream";
import { streamInfo, updateStream } from "./jetstreamStreams";
import type { StreamInfo } from "./jetstreamStreams";
import { sleep } from "./wait";

/**
 * Takes a stream's subjects away, so that nobody gets an acknowledgement any more; the stream itself remembers them. One that
 * takes nothing by itself (a mirror, a sealed one) stays as it is.
 */
export async function park(js: JetStream, { config }: StreamInfo): Promise<void> {
  if (config["mirror"] || config["sealed"] === true || parkedSubjects(config) !== undefined) return;
  const subjects = (config["subjects"] ?? []) as readonly Json[];
  if (subjects.length === 0) return;
  const metadata = { ...(config["metadata"] as JsonObject | undefined), [parkedKey]: formatJson(subjects) };
  await updateStream(js, { ...config, metadata, subjects: [parkedSubject(textOf(config["name"]))] });
}

/** Gives them back. A stream that has them, or is gone, stays as it is. */
export async function unpark(js: JetStream, name: string): Promise<void> {
  const info = await streamInfo(js, name);
  if (info && parkedSubjects(info.config) !== undefined) await updateStream(js, unparked(info.config));
}

/** True for a stream whose subjects were taken away. */
export function isParked(config: JsonObject): boolean {
  return parkedSubjects(config) !== undefined;
}

/** A configuration as it was before. */
export function unparked(config: JsonObject): JsonObject {
  const subjects = parkedSubjects(config);
  if (subjects === undefined) return config;
  return { ...config, subjects, metadata: withoutMove(config["metadata"] as JsonObject) };
}

function parkedSubjects({ metadata }: JsonObject): Json | undefined {
  const text = isObject(metadata) ? metadata[parkedKey] : undefined;
  return typeof text === "string" ? parseJson(text) : undefined;
}

/** Milliseconds; a server that has let go of a subject is through with what it had taken long before. */
const settling = 200;
/** Milliseconds: what sources have still to bring may take a while. */
const patience = 30_000;

/**
 * The stream once what was on its way has come in: two looks, a moment apart, see the same last message. "flowing" where it
 * does not come to rest, as with sources that are written to.
 */
export async function settledInfo(
  js: JetStream,
  name: string,
  within = patience,
): Promise<StreamInfo | "flowing" | undefined> {
  const end = Date.now() + within;
  for (let before = await streamInfo(js, name); Date.now() < end;) {
    await sleep(settling);
    const now = await streamInfo(js, name);
    if (!now || !before || now.state.last_seq === before.state.last_seq) return now;
    before = now;
  }
  return "flowing";
}
