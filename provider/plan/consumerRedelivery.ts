import { filtersOf, listOf } from "../model/consumerChecks";
import { counted } from "../model/counted";
import { exactNumber, sameJson, textOf } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { isSubset } from "../model/names";

/** How far a consumer is, as CONSUMER.INFO tells it. */
export interface ConsumerState {
  readonly delivered: ConsumerSequence;
  readonly ack_floor: ConsumerSequence;
  readonly num_ack_pending: number;
  readonly num_pending: number;
  readonly push_bound?: boolean;
  /** When it was made, RFC 3339. */
  readonly created?: string;
  /** What it starts at in fact, where it goes on for one before it. */
  readonly resumed?: JsonObject;
}

interface ConsumerSequence {
  readonly consumer_seq: number | bigint;
  readonly stream_seq: number | bigint;
}

export interface Redelivery {
  /** Messages that were delivered already come again, or may where that is not known. */
  readonly redelivers: boolean;
  /** The stream deletes what nobody waits for any more. */
  readonly loses: boolean;
  readonly text: string;
}

/** What a replacement delivers again, when it starts at `start`, or where its configuration says. */
export function redeliveryOf(
  wanted: JsonObject,
  state: ConsumerState | undefined,
  start: JsonObject | undefined,
  retention: Json | undefined,
): Redelivery {
  if (!state) {
    const text =
      "replaces the consumer; resumes at its acknowledged floor where that can be, and redelivers what is not acknowledged";
    return { redelivers: true, loses: false, text };
  }
  if (start) return resumed(state, start);
  if (retention === "workqueue") return inWorkqueue(state);
  const [floor, last] = [BigInt(state.ack_floor.stream_seq), BigInt(state.delivered.stream_seq)];
  const policy = wanted["deliver_policy"] as string;
  const text = `replaces the consumer; starts anew with deliver_policy "${policy}"`;
  const waiting = state.num_ack_pending + state.num_pending;
  const isLater = !["all", "by_start_sequence", "by_start_time"].includes(policy);
  const from = policy === "by_start_sequence" ? BigInt(wanted["opt_start_seq"] as number | bigint) : 0n;
  const loses = retention === "interest" && waiting > 0 && (isLater || from > floor + 1n);
  const gone = loses ? ", and the stream deletes those that no other consumer waits for" : "";
  if (isLater) return { ...startedLater(state, policy, waiting, text, gone), loses };
  if (last === 0n || from > last) {
    const missed = from > last && waiting > 0 ? `; up to ${counted(waiting, "message")} never come` : "";
    return { redelivers: false, loses, text: text + missed + gone };
  }
  const acked = policy === "all" && floor > 0n ? `, the acknowledged up to ${floor} too` : "";
  return { redelivers: true, loses, text: `${text}; redelivers what it has delivered${acked}${gone}` };
}

/** From the newest message on, or from each subject's newest. */
function startedLater(
  { delivered, num_pending: pending }: ConsumerState,
  policy: string,
  waiting: number,
  text: string,
  gone: string,
): Omit<Redelivery, "loses"> {
  const wasGiven = BigInt(delivered.consumer_seq) > 0n;
  // While some were never delivered, the newest is one of these.
  const isAgain = wasGiven && (policy === "last_per_subject" || (policy === "last" && pending === 0));
  const whose = policy === "last" ? "the last message" : "the last message of each subject where it has delivered that";
  const most = policy === "last" && pending > 0 ? waiting - 1 : waiting;
  const missed = most === 0 ? "" : `; ${policy === "new" ? "" : "up to "}${counted(most, "message")} never come`;
  const again = isAgain ? `; redelivers ${whose}, acknowledged or not` : "";
  return { redelivers: isAgain, text: text + again + missed + gone };
}

function resumed(state: ConsumerState, start: JsonObject): Redelivery {
  const floor = BigInt(state.ack_floor.stream_seq);
  const [given, unacked] = [BigInt(state.delivered.consumer_seq), BigInt(state.num_ack_pending)];
  const from = start["opt_start_seq"] as number | bigint | undefined;
  const where =
    from === undefined || BigInt(from) !== floor + 1n ? "where it started" : `at its acknowledged floor (${floor})`;
  const text = `replaces the consumer; resumes ${where}`;
  const span = from === undefined ? given : BigInt(state.delivered.stream_seq) + 1n - BigInt(from);
  if (span <= 0n || given === 0n) return { redelivers: false, loses: false, text: `${text}; redelivers nothing` };
  // A delivery has a number of its own each time, and messages of other subjects have numbers of the stream.
  const most = given - BigInt(state.ack_floor.consumer_seq);
  const beyond = (most < span ? most : span) - unacked;
  const late = beyond > 0n ? `, and at most ${counted(beyond, "message")} acknowledged beyond the floor` : "";
  const again = counted(unacked, "unacknowledged message");
  return { redelivers: true, loses: false, text: `${text}; redelivers ${again}${late}` };
}

/** What is acknowledged is there no more. */
function inWorkqueue({ num_ack_pending: unacked, delivered }: ConsumerState): Redelivery {
  const text = "replaces the consumer; starts anew in the work queue, which holds only what is not acknowledged";
  const again = `; redelivers ${counted(unacked, "unacknowledged message")}`;
  const redelivers = BigInt(delivered.consumer_seq) > 0n;
  return { redelivers, loses: false, text: text + (redelivers ? `${again}, and what it gave up on` : "") };
}

/**
 * Where a replacement goes on so that nothing acknowledged comes again: after the acknowledged floor. undefined where it
 * starts as its configuration says: the program says where, that can't be told, or the stream keeps only what is not
 * acknowledged.
 */
export function resumeStart(
  old: JsonObject,
  wanted: JsonObject,
  state: ConsumerState | undefined,
  retention: Json | undefined,
): JsonObject | undefined {
  if (!state || retention === "workqueue") return undefined;
  const starts = ["deliver_policy", "opt_start_seq", "opt_start_time"];
  if (starts.some((field) => !sameJson(old[field], wanted[field]))) return undefined;
  return startAfter(state, old);
}

/**
 * A start right after what is acknowledged. While nothing is, clusters (and up to 2.12 servers alone) call the floor 0, wherever
 * the consumer started: then it is where it started. undefined for one of the last messages that were there when it was made.
 */
export function startAfter(state: ConsumerState, config: JsonObject): JsonObject | undefined {
  const floor = BigInt(state.ack_floor.stream_seq);
  if (floor > 0n) return startAt(floor + 1n);
  // Before the first delivery that is where it stands.
  if (BigInt(state.delivered.consumer_seq) === 0n) return startAt(BigInt(state.delivered.stream_seq) + 1n);
  const begun = state.resumed ?? config;
  const { opt_start_seq, opt_start_time } = begun;
  switch (begun["deliver_policy"] ?? "all") {
    case "all":
      return startAt(1n);
    case "by_start_sequence":
      return startAt(BigInt(opt_start_seq as number | bigint));
    case "by_start_time":
      return { deliver_policy: "by_start_time", opt_start_seq: undefined, opt_start_time };
    case "new":
      return state.created === undefined
        ? undefined
        : { deliver_policy: "by_start_time", opt_start_seq: undefined, opt_start_time: state.created };
    default:
      return undefined;
  }
}

/** What an interest stream deletes when a consumer stops waiting for some subjects; undefined where it waits for all as before. */
export function lossByFilter(
  old: JsonObject,
  wanted: JsonObject,
  state: ConsumerState | undefined,
  stream: JsonObject | undefined,
): string | undefined {
  if (stream?.["retention"] !== "interest") return undefined;
  const all = listOf(stream["subjects"]).map(textOf);
  const after = filtersOf(wanted);
  const before = filtersOf(old).length > 0 ? filtersOf(old) : all.length > 0 ? all : [">"];
  if (after.length === 0) return undefined;
  if (before.every((filter) => after.some((each) => isSubset(filter, each)))) return undefined;
  const waiting = state ? state.num_ack_pending + state.num_pending : undefined;
  if (waiting === 0) return undefined;
  const most = waiting === undefined ? "" : ` (of ${counted(waiting, "message")})`;
  return `the stream deletes what no consumer waits for any more${most}`;
}

function startAt(seq: bigint): JsonObject {
  return { deliver_policy: "by_start_sequence", opt_start_seq: exactNumber(seq), opt_start_time: undefined };
}
