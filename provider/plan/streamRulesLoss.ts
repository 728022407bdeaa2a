import type { Json, JsonObject } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";

/** What a stream holds, as STREAM.INFO tells it. */
export interface StreamState {
  readonly first_seq?: number;
  readonly last_seq?: number;
  readonly messages: number;
  readonly bytes: number;
  /** RFC 3339. */
  readonly first_ts?: string;
  readonly last_ts?: string;
  readonly consumer_count?: number;
  readonly num_subjects?: number;
  /** Messages by subject, where they were asked for. */
  readonly subjects?: Readonly<Record<string, number>>;
}

export interface Loss {
  readonly loses: boolean;
  /** How many of the stored messages; undefined where it can't be told. */
  readonly count?: number;
  /** The count is no estimate. */
  readonly exact?: boolean;
}

/**
 * What one field's change deletes by itself. Without `state` the answer is whether it may; `now` is the time of the state.
 */
export function lossOf(
  field: string,
  old: JsonObject,
  wanted: JsonObject,
  version: string,
  state: StreamState | undefined,
  now = Date.now(),
): Loss {
  const estimate = estimates[field];
  if (!estimate) return { loses: false };
  const found = estimate(old, wanted, version, state, now);
  if (!found.loses || !state) return found;
  if (state.messages === 0 || found.count === 0) return { loses: false };
  return { ...found, ...(found.count === undefined ? {} : { count: Math.min(found.count, state.messages) }) };
}

type Estimate = (
  old: JsonObject,
  wanted: JsonObject,
  version: string,
  state: StreamState | undefined,
  now: number,
) => Loss;

const none: Loss = { loses: false };

const overMessages: Estimate = (_old, wanted, _version, state) => {
  const limit = Number(wanted["max_msgs"]);
  if (limit < 0 || wanted["discard"] !== "old") return none;
  return state ? { loses: true, count: Math.max(0, state.messages - limit), exact: true } : { loses: true };
};

const overBytes: Estimate = (_old, wanted, _version, state) => {
  const limit = Number(wanted["max_bytes"]);
  if (limit < 0 || wanted["discard"] !== "old") return none;
  if (!state) return { loses: true };
  if (state.bytes <= limit) return none;
  return {
    loses: true,
    count: Math.min(state.messages, Math.ceil((state.messages * (state.bytes - limit)) / state.bytes)),
  };
};

const overAge: Estimate = (_old, wanted, _version, state, now) => {
  const limit = Number(wanted["max_age"]) / 1e6;
  if (limit === 0) return none;
  if (!state) return { loses: true };
  const [first, last] = [Date.parse(state.first_ts ?? ""), Date.parse(state.last_ts ?? "")];
  if (Number.isNaN(first) || Number.isNaN(last)) return { loses: true };
  const horizon = now - limit;
  if (first >= horizon) return none;
  if (last < horizon) return { loses: true, count: state.messages, exact: true };
  return { loses: true, count: Math.max(1, Math.round((state.messages * (horizon - first)) / (last - first))) };
};

const overSubject: Estimate = (_old, wanted, _version, state) => {
  const limit = Number(wanted["max_msgs_per_subject"]);
  if (limit < 0) return none;
  if (!state) return { loses: true };
  if (state.subjects) {
    const beyond = Object.values(state.subjects).map((count) => Math.max(0, count - limit));
    return { loses: true, count: beyond.reduce((sum, count) => sum + count, 0), exact: true };
  }
  if (state.messages <= limit) return none;
  const least = state.num_subjects === undefined ? undefined : state.messages - limit * state.num_subjects;
  return least !== undefined && least > 0 ? { loses: true, count: least } : { loses: true };
};

const estimates: Readonly<Record<string, Estimate>> = {
  max_msgs: (old, wanted, ...rest) => (lowered("max_msgs", old, wanted) ? overMessages(old, wanted, ...rest) : none),
  max_bytes: (old, wanted, ...rest) => (lowered("max_bytes", old, wanted) ? overBytes(old, wanted, ...rest) : none),
  max_age: (old, wanted, ...rest) => (lowered("max_age", old, wanted) ? overAge(old, wanted, ...rest) : none),
  max_msgs_per_subject: (old, wanted, ...rest) =>
    lowered("max_msgs_per_subject", old, wanted) ? overSubject(old, wanted, ...rest) : none,
  /** What stood beyond the limits while new messages were refused goes now; known only where the state is. */
  discard: (old, wanted, version, state, now) => {
    if (wanted["discard"] !== "old" || !state) return none;
    const parts = [overMessages(old, wanted, version, state, now), overBytes(old, wanted, version, state, now)];
    const worst = parts.reduce((most, part) => ((part.count ?? 0) > (most.count ?? 0) ? part : most));
    return (worst.count ?? 0) > 0 ? worst : none;
  },
  retention: (_old, wanted, version, state) => {
    if (wanted["retention"] !== "interest") return none;
    if (state && (state.consumer_count ?? 0) === 0) {
      return atLeast(version, "2.14") ? { loses: true, count: state.messages, exact: true } : { loses: true };
    }
    return { loses: true };
  },
};

function lowered(field: string, old: JsonObject, wanted: JsonObject): boolean {
  const unlimited = (value: Json | undefined) => (Number(value) <= 0 ? Number.POSITIVE_INFINITY : Number(value));
  return unlimited(wanted[field]) < unlimited(old[field]);
}
