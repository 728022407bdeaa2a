import type { Duration, Size } from "./units";

/**
 * All settings of a consumer that servers 2.11 to 2.15 know. What a change costs is said at each: "in place", or "replace"
 * (a new consumer of the same name, which goes on after the old one's acknowledged floor, see `onReplace`).
 */
export interface ConsumerSettings {
  /**
   * Name of the consumer, at most 255 bytes without spaces, ".", "*", ">", "/" and "\". Default: the resource's name.
   * Change: replace.
   */
  readonly name?: string;
  /** false: the server removes the consumer when nobody has used it for inactiveThreshold. Default true. Change: replace. */
  readonly durable?: boolean;
  /** Any text of at most 4 KiB. Default none. Change: in place. */
  readonly description?: string;
  /**
   * Where it starts: "all" messages, the "last" one, "new" ones, "by_start_sequence" (optStartSeq), "by_start_time"
   * (optStartTime), "last_per_subject" (needs a filter). Work queues take "all" only. Default "all". Change: replace, and the
   * new consumer starts where this says.
   */
  readonly deliverPolicy?: "all" | "last" | "new" | "by_start_sequence" | "by_start_time" | "last_per_subject";
  /** First sequence, with deliverPolicy "by_start_sequence" (a text beyond 2^53). Default none. Change: replace, starting there. */
  readonly optStartSeq?: number | string;
  /** First time, RFC 3339, with deliverPolicy "by_start_time". Default none. Change: replace, starting there. */
  readonly optStartTime?: string;
  /**
   * What has to be acknowledged: each message ("explicit"), the last one for "all" before it, "none", or by flow control
   * ("flow_control": push only, with flowControl and a heartbeat of 1s; from 2.14, API level 4). Default "explicit".
   * Change: replace.
   */
  readonly ackPolicy?: "none" | "all" | "explicit" | "flow_control";
  /** How long an acknowledgement may take before the message comes again. Default "30s". Without effect beside backoff, whose first it is then. Change: in place. */
  readonly ackWait?: Duration;
  /** How often a message is delivered at most. Default -1 (or 0), unlimited. Change: in place. */
  readonly maxDeliver?: number;
  /** Growing waits in place of ackWait: `["1s", "10s", "1m"]`; not more of them than maxDeliver. Default none. Change: in place. */
  readonly backoff?: readonly Duration[];
  /** Only this subject, wildcards allowed; of a work queue none that another consumer takes. Not with filterSubjects. Default all. Change: in place, for what is not delivered yet. */
  readonly filterSubject?: string;
  /** Only these subjects; they may not overlap. Not with filterSubject. Default all. Change: in place, for what is not delivered yet. */
  readonly filterSubjects?: readonly string[];
  /** "instant", or at the pace at which the messages came. Default "instant". Change: replace. */
  readonly replayPolicy?: "instant" | "original";
  /** Most bits per second; push only. Default 0, unlimited. Change: in place. */
  readonly rateLimitBps?: number;
  /** Share of acknowledgements that are measured: "50%", at most "100%". Default none. Change: in place. */
  readonly sampleFreq?: string;
  /** Most pull requests that wait; pull only. Default 512 (also where it is 0). Change: replace. */
  readonly maxWaiting?: number;
  /** Most messages that are not acknowledged yet; -1 is unlimited. Default (or 0) 1000, or the stream's consumer limit. Change: in place. */
  readonly maxAckPending?: number;
  /** The server paces itself by the receiver's answers; push only, needs idleHeartbeat. Default false. Change: replace. */
  readonly flowControl?: boolean;
  /** Messages come without their body. Default false. Change: in place. */
  readonly headersOnly?: boolean;
  /** Most messages of one pull request. Default 0, unlimited. Change: in place. */
  readonly maxBatch?: number;
  /** Longest wait of one pull request, at least "1ms". Default "0s", unlimited. Change: in place. */
  readonly maxExpires?: Duration;
  /** Most bytes of one pull request, "1MiB". Default -1, unlimited. Change: in place. */
  readonly maxBytes?: Size;
  /**
   * Subject that messages are pushed to, without wildcards. Default none: a pull consumer. Change: in place from one subject
   * to another while nobody listens on the old one, else replace.
   */
  readonly deliverSubject?: string;
  /** Queue group that shares the pushed messages; push only. Default none. Change: in place. */
  readonly deliverGroup?: string;
  /** Sign of life while there are no messages, at least "100ms"; push only. Default "0s", none. Change: replace. */
  readonly idleHeartbeat?: Duration;
  /** The server removes the consumer when nobody has used it for so long. Default "0s", never (5s if not durable, which a check warns of). Change: in place. */
  readonly inactiveThreshold?: Duration;
  /**
   * How many servers keep its state, at most the stream's replicas; the same as the stream's with retention "interest" and
   * "workqueue". Default 0, the stream's. Change: in place.
   */
  readonly replicas?: number;
  /** State is kept in memory. Default false, as the stream. Change: replace (servers before 2.14.4 take it without effect). */
  readonly memStorage?: boolean;
  /** Servers' own: a consumer of a mirror or source, which is not listed. Default false. Change: replace. */
  readonly direct?: boolean;
  /** Servers' own: the consumer feeds another stream. From 2.14 (API level 4). Default false. Change: replace. */
  readonly sourcing?: boolean;
  /** Labels, at most 128 KiB in all. What servers add (`_nats.…`) and our own mark are neither shown nor compared. Change: in place. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Nothing is delivered before that time, RFC 3339. From 2.11 (API level 1). Default none. Change: in place, by a request of its own. */
  readonly pauseUntil?: string;
  /** Names of the groups that pull by priority, at most 16 letters, digits, "/", "_", "=", "-" each; pull only. Change: in place. */
  readonly priorityGroups?: readonly string[];
  /**
   * How groups share: "overflow", "pinned_client", "prioritized" (from 2.12, API level 2). Needs priorityGroups. From 2.11
   * (API level 1). Default "none". Change: in place.
   */
  readonly priorityPolicy?: "none" | "overflow" | "pinned_client" | "prioritized";
  /** How long a pinned client may be silent. From 2.11 (API level 1). Default "2m" with "pinned_client". Change: in place. */
  readonly priorityTimeout?: Duration;
}
