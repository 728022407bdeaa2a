import { NatsError } from "../errors";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { inTurns } from "./inTurns";
import type { JetStream } from "./jetstream";
import { errorCodes, isMessageGone, JetStreamError } from "./jetstreamErrors";
import { streamInfo } from "./jetstreamStreams";
import type { StreamInfo } from "./jetstreamStreams";
import { sleep, WaitTimeout } from "./wait";

/** Messages that a copy may be behind when it is "nearly" there: those of the short switch. */
const near = 500;

/**
 * Waits until the copy has the origin's last message ("exactly": nobody writes to it any more), or nearly so. `timeout` is
 * the longest time without any progress.
 */
export async function untilCopied(
  js: JetStream,
  from: StreamInfo,
  to: StreamInfo,
  timeout: number,
  how: "exactly" | "nearly",
): Promise<void> {
  const [origin, copy] = [textOf(from.config["name"]), textOf(to.config["name"])];
  const what = `stream "${copy}": all messages of "${origin}"`;
  let [seen, deadline] = [-1, Date.now() + timeout];
  for (;;) {
    const last = await lastStored(js, origin);
    const reached = Number((await streamInfo(js, copy))?.state.last_seq ?? 0);
    if (reached >= (how === "exactly" ? last : last - near)) return;
    if (reached > seen) [seen, deadline] = [reached, Date.now() + timeout];
    if (Date.now() > deadline) {
      const kept = "Nothing is lost. Fix: look for room in the account and on the servers, then `pulumi up` goes on";
      throw new WaitTimeout(what, timeout, `${reached} of ${last}. ${kept}`);
    }
    await sleep(50);
  }
}

/** Sequence of the last message that is there: those behind it are of deleted ones, which no copy learns of. */
async function lastStored(js: JetStream, name: string): Promise<number> {
  const { last, messages } = stateOf(await js.request(`STREAM.INFO.${name}`, undefined, `stream "${name}"`));
  if (messages === 0) return last;
  try {
    await js.request(`STREAM.MSG.GET.${name}`, { seq: last }, `stream "${name}"`);
    return last;
  } catch (error) {
    if (!(error instanceof JetStreamError) || error.code !== errorCodes.noMessage) throw error;
  }
  const { last: end, gone } = await detailed(js, name);
  for (let seq = end; seq > 0; seq--) if (!gone.has(seq)) return seq;
  return 0;
}

/** Deletes of the copy what was deleted of its origin in the meantime; nobody writes to the origin any more. */
export async function align(js: JetStream, from: StreamInfo, to: StreamInfo): Promise<void> {
  const [origin, copy] = [textOf(from.config["name"]), textOf(to.config["name"])];
  const [source, target] = [await detailed(js, origin), await detailed(js, copy)];
  if (target.messages > source.messages || target.first < source.first) {
    const first = source.messages === 0 ? target.last + 1 : source.first;
    if (target.first < first) await js.request(`STREAM.PURGE.${copy}`, { seq: first }, `stream "${copy}"`);
    const gone = source.deleted.filter((seq) => seq >= target.first && seq <= target.last && !target.gone.has(seq));
    await inTurns(gone, (seq) => deleteMessage(js, copy, seq));
  }
  const [before, after] = [(await streamInfo(js, origin))!, (await streamInfo(js, copy))!];
  // Of a work queue, work may be done already.
  const shrinks = after.config["retention"] === "workqueue" && (after.state.consumer_count ?? 0) > 0;
  if (shrinks || after.state.messages >= before.state.messages) return;
  const counts = `${after.state.messages} of ${before.state.messages} messages`;
  throw new NatsError(`stream "${copy}" has ${counts} of "${origin}", which stays as it is`);
}

interface Detailed {
  readonly first: number;
  readonly last: number;
  readonly messages: number;
  readonly deleted: readonly number[];
  readonly gone: ReadonlySet<number>;
}

async function detailed(js: JetStream, name: string): Promise<Detailed> {
  const info = await js.request(`STREAM.INFO.${name}`, { deleted_details: true }, `stream "${name}"`);
  const deleted = (((info["state"] as JsonObject)["deleted"] ?? []) as readonly number[]).map(Number);
  return { ...stateOf(info), deleted, gone: new Set(deleted) };
}

function stateOf(info: JsonObject): Pick<Detailed, "first" | "last" | "messages"> {
  const state = info["state"] as JsonObject;
  const [first, last, messages] = [state["first_seq"], state["last_seq"], state["messages"]].map(Number);
  return { first: first!, last: last!, messages: messages! };
}

async function deleteMessage(js: JetStream, stream: string, seq: number): Promise<void> {
  try {
    await js.request(`STREAM.MSG.DELETE.${stream}`, { seq, no_erase: true }, `stream "${stream}"`);
  } catch (error) {
    if (!isMessageGone(error)) throw error;
  }
}
