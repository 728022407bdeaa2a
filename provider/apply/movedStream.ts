import { NatsError } from "../errors";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { JetStream } from "./jetstream";
import { errorCodes, JetStreamError } from "./jetstreamErrors";
import { streamInfo } from "./jetstreamStreams";
import type { StreamInfo } from "./jetstreamStreams";

/** A stream has not all that it had before its servers changed. */
export class MessagesLost extends NatsError {
  override readonly name = "MessagesLost";
}

/**
 * Says so where the servers have lost messages on the way: before 2.15 they do when the only server that holds a stream ends while it
 * moves to one that held it before, and then say that all is well. `before` is the stream as it was.
 */
export async function mustBeWhole(js: JetStream, before: StreamInfo): Promise<void> {
  const { messages, last_seq: last = 0, last_ts: at } = before.state;
  const name = textOf(before.config["name"]);
  const after = messages === 0 ? undefined : await streamInfo(js, name);
  if (!after) return;
  const isShort = Number(after.state.last_seq ?? 0) < Number(last);
  if (!isShort && !(await isAnother(js, name, last, at))) return;
  const what = `stream "${name}" has lost messages while its servers changed: it had ${messages} up to sequence ${last}`;
  const now = isShort ? `and ends at ${after.state.last_seq ?? 0} now` : "and has another one there now";
  const fix = "Fix: restore a backup of it, and upgrade the servers to 2.15 or later before it moves again";
  throw new MessagesLost(`${what}, ${now} (nats-server ${js.serverVersion}). ${fix}`);
}

/** The message of that sequence came at another time. One that is deleted by now says nothing. */
async function isAnother(
  js: JetStream,
  name: string,
  seq: StreamInfo["state"]["last_seq"],
  at?: string,
): Promise<boolean> {
  try {
    const answer = await js.request(`STREAM.MSG.GET.${name}`, { seq: seq! }, `stream "${name}"`);
    return Date.parse(textOf((answer["message"] as JsonObject)["time"])) !== Date.parse(at ?? "");
  } catch (error) {
    if (error instanceof JetStreamError && error.code === errorCodes.noMessage) return false;
    throw error;
  }
}
