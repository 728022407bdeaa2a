import { exactNumber, sameJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";

/** How far a consumer is, as CONSUMER.INFO tells it. */
export interface ConsumerState {
  readonly delivered: ConsumerSequence;
  readonly ack_floor: ConsumerSequence;
  readonly num_ack_pending: number;
  readonly num_pending: number;
  readonly push_bound?: boolean;
}

interface ConsumerSequence {
  readonly consumer_seq: number | bigint;
  readonly stream_seq: number | bigint;
}

export interface Redelivery {
  /** Messages that were delivered already come again, or may where that is not known. */
  readonly redelivers: boolean;
  readonly text: string;
}

/** What a replacement delivers again, when it starts at `start`, or where its configuration says. */
export function redeliveryOf(
  wanted: JsonObject,
  state: ConsumerState | undefined,
  start: JsonObject | undefined,
): Redelivery {
  if (!state) {
    const text =
      "replaces the consumer; resumes at its acknowledged floor where that can be, and redelivers what is not acknowledged";
    return { redelivers: true, text };
  }
  const [floor, last] = [BigInt(state.ack_floor.stream_seq), BigInt(state.delivered.stream_seq)];
  if (start) {
    const unacked = counted(state.num_ack_pending, "unacknowledged message");
    const beyond = last - floor - BigInt(state.num_ack_pending);
    const text = `replaces the consumer; resumes at its acknowledged floor (${floor})`;
    if (last <= floor) return { redelivers: false, text: `${text}; redelivers nothing` };
    const late = beyond > 0n ? `, and at most ${counted(beyond, "message")} acknowledged beyond the floor` : "";
    return { redelivers: true, text: `${text}; redelivers ${unacked}${late}` };
  }
  const policy = wanted["deliver_policy"] as string;
  const text = `replaces the consumer; starts anew with deliver_policy "${policy}"`;
  const isLater = policy === "new" || last === 0n;
  if (isLater) {
    const missed = last === 0n ? "" : `; ${counted(state.num_ack_pending + state.num_pending, "message")} never come`;
    return { redelivers: false, text: text + missed };
  }
  const from = wanted["opt_start_seq"];
  if (policy === "by_start_sequence" && BigInt(from as number | bigint) > last) return { redelivers: false, text };
  const acked = policy === "all" && floor > 0n ? `, the acknowledged up to ${floor} too` : "";
  return { redelivers: true, text: `${text}; redelivers what it has delivered${acked}` };
}

/**
 * Where a replacement goes on so that nothing acknowledged comes again: after the acknowledged floor. undefined where it
 * starts as its configuration says: the program says where, nothing was acknowledged, or the stream keeps only what is not.
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
  return startAfter(state);
}

/** A start right after what is acknowledged. */
export function startAfter(state: ConsumerState): JsonObject {
  return {
    deliver_policy: "by_start_sequence",
    opt_start_seq: exactNumber(BigInt(state.ack_floor.stream_seq) + 1n),
    opt_start_time: undefined,
  };
}

function counted(count: number | bigint, what: string): string {
  return `${count} ${what}${BigInt(count) === 1n ? "" : "s"}`;
}
