import type { Duration, Size } from "./units";

/**
 * All settings of a stream that servers 2.11 to 2.15 know. What a change costs is said at each: "in place", "one-way" (in
 * place, but it can't be undone), or "replace" (a new stream; refused while there are messages, see `onDataLoss`).
 */
export interface StreamSettings {
  /**
   * Name of the stream, at most 255 bytes without spaces, ".", "*", ">", "/" and "\". Default: the resource's name.
   * Change: replace.
   */
  readonly name?: string;
  /** Any text of at most 4 KiB. Default none. Change: in place. */
  readonly description?: string;
  /**
   * What is stored, wildcards allowed: `["orders.>"]`. No two streams of an account may overlap (10065). Default: the stream's
   * name (also where the list is empty), or nothing for mirrors and streams with sources. Change: in place; messages of removed subjects stay.
   */
  readonly subjects?: readonly string[];
  /**
   * How long messages stay: "limits" until a limit is reached, "interest" until all consumers have acknowledged, "workqueue"
   * until one has. Default "limits". Change: in place between limits and interest (to interest it deletes what the consumers have
   * acknowledged, and from 2.14 everything where there is none; what none of their filters matches stays), else replace.
   */
  readonly retention?: "limits" | "interest" | "workqueue";
  /** Most consumers. Default -1, unlimited. Change: in place from 2.12.15, before that replace. */
  readonly maxConsumers?: number;
  /** Most messages. Default -1 (or 0), unlimited. Change: in place; a lower limit deletes the oldest at once (not with discard "new"). */
  readonly maxMsgs?: number;
  /**
   * Most bytes, "10GiB". Counts against the account's limit, times replicas. Default -1, unlimited. Change: in place; a lower
   * limit deletes the oldest at once (not with discard "new").
   */
  readonly maxBytes?: Size;
  /**
   * Greatest age, "24h", at least "100ms"; any precision. Default "0s", unlimited. Change: in place; a lower limit deletes
   * what is older at once.
   */
  readonly maxAge?: Duration;
  /** Most messages of each subject. Default -1, unlimited. Change: in place; a lower limit deletes the oldest of each subject. */
  readonly maxMsgsPerSubject?: number;
  /** Largest message with its headers, less than 2GiB ("2147483647"). Default -1, the server's max_payload. Change: in place; larger ones stay. */
  readonly maxMsgSize?: Size;
  /** What gives way when a limit is reached: "old" messages, or "new" ones (publishers get an error). Default "old". Change: in place. */
  readonly discard?: "old" | "new";
  /** With discard "new" and maxMsgsPerSubject: the limit of a subject refuses new messages too. Default false. Change: in place. */
  readonly discardNewPerSubject?: boolean;
  /** Where messages are kept. Default "file". Change: replace. */
  readonly storage?: "file" | "memory";
  /**
   * How many servers keep a copy, 1 to 5 (odd numbers serve best). More than 1 needs a cluster. Default 1. Change: in place;
   * `up` waits until all are current. Not at once with placement on the server; here it is done in two steps.
   */
  readonly replicas?: number;
  /** Publishers get no acknowledgement. Default false. Change: in place. */
  readonly noAck?: boolean;
  /** How long message ids are remembered, at most maxAge, at least "100ms". Default "2m" or maxAge. Change: in place. */
  readonly duplicateWindow?: Duration;
  /**
   * Where the copies are: the cluster's name, server tags that all of them must have. Default: the servers choose.
   * A preview warns of tags and clusters that no server has. Change: in place; moves the stream, `up` waits until it has arrived.
   */
  readonly placement?: StreamPlacement;
  /**
   * A copy of one other stream, read only. A mirror has no subjects and sources. Change: replace; removing it promotes the
   * mirror to a stream of its own with all its messages (one-way, from 2.12; before that replace).
   */
  readonly mirror?: StreamSource;
  /** Other streams whose messages come in as well. Change: in place; a new start of a source that is there already: replace. */
  readonly sources?: readonly StreamSource[];
  /** Compression of files. Default "none". Change: in place, for new blocks. */
  readonly compression?: "none" | "s2";
  /** Sequence of the first message (a text beyond 2^53). Default 1. Not for mirrors. Change: replace (servers take it without effect). */
  readonly firstSeq?: number | string;
  /** Subjects are stored under other names: `{ src: "in.*", dest: "out.{{wildcard(1)}}" }`. Change: in place, for new messages. */
  readonly subjectTransform?: SubjectTransform;
  /** Stored messages are published again: `{ src: ">", dest: "copies.>" }`. Change: in place, for new messages. */
  readonly republish?: StreamRepublish;
  /** Every replica answers direct gets. Default false. Change: in place. */
  readonly allowDirect?: boolean;
  /** A mirror answers direct gets for its origin; servers that see the origin set it to its allowDirect. Default false. Change: in place. */
  readonly mirrorDirect?: boolean;
  /**
   * Nothing comes in, nothing goes out. Default false. Change: one-way (it does not keep the stream from being deleted). Not with
   * allowMsgCounter or allowMsgSchedules: servers lose such a stream with their next start.
   */
  readonly sealed?: boolean;
  /** Messages can't be deleted one by one. Default false. Change: one-way (it does not keep the stream from being deleted). */
  readonly denyDelete?: boolean;
  /** The stream can't be purged. Default false. Change: one-way (it does not keep the stream from being deleted). */
  readonly denyPurge?: boolean;
  /** The Nats-Rollup header may replace earlier messages. Default false; on with markers and schedules. Change: in place. */
  readonly allowRollupHdrs?: boolean;
  /** Defaults and limits of consumers. Default none. Change: in place; refused while a consumer exceeds them. */
  readonly consumerLimits?: ConsumerLimits;
  /** The Nats-TTL header ends single messages. From 2.11 (API level 1). Default false. Change: one-way. */
  readonly allowMsgTtl?: boolean;
  /**
   * A subject whose last message is removed by a limit leaves a marker for that long, at least "1s". Switches allowMsgTtl and
   * allowRollupHdrs on; not for mirrors. From 2.11 (API level 1). Default "0s", no markers. Change: in place.
   */
  readonly subjectDeleteMarkerTtl?: Duration;
  /** Messages are counters (Nats-Incr). Only with limits and discard "old", without TTLs. From 2.12 (API level 2). Change: replace. */
  readonly allowMsgCounter?: boolean;
  /** Batches that are stored whole or not at all. From 2.12 (API level 2). Default false. Change: in place. */
  readonly allowAtomic?: boolean;
  /** Messages with a schedule; switches allowRollupHdrs on. From 2.12 (API level 2). Default false. Change: one-way. */
  readonly allowMsgSchedules?: boolean;
  /** "async" acknowledges before a message is on disk; one replica, files. From 2.12 (API level 2). Default "default". Change: replace. */
  readonly persistMode?: "default" | "async";
  /** Fast batches. From 2.14 (API level 4). Default false. Change: in place. */
  readonly allowBatched?: boolean;
  /** Labels, at most 128 KiB in all. What servers add (`_nats.…`) and our own mark are neither shown nor compared. Change: in place. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Where a stream's replicas are. */
export interface StreamPlacement {
  /** Name of a cluster (a supercluster has several). */
  readonly cluster?: string;
  /** Tags that every server with a replica must have. */
  readonly tags?: readonly string[];
}

/** Another stream whose messages are copied. */
export interface StreamSource {
  /** Its name. */
  readonly name: string;
  /** First sequence to copy. Not together with optStartTime. */
  readonly optStartSeq?: number | string;
  /** First time to copy, RFC 3339: "2026-01-31T12:00:00Z". */
  readonly optStartTime?: string;
  /** Only messages of these subjects. Not together with subjectTransforms. */
  readonly filterSubject?: string;
  /** Filters with new names for what matches. */
  readonly subjectTransforms?: readonly SubjectTransform[];
  /** The stream is in another account or domain. */
  readonly external?: ExternalStream;
  /** A consumer of your own that feeds the copy. From 2.14 (API level 4); then without start and filter. */
  readonly consumer?: SourceConsumer;
}

/** From which subject to which. */
export interface SubjectTransform {
  /** What matches, with wildcards: "in.*". */
  readonly src: string;
  /** What becomes of it; `{{wildcard(1)}}` or `$1` is what the first "*" matched: "out.$1". */
  readonly dest: string;
}

/** What is published again, and where. */
export interface StreamRepublish {
  /** Only these subjects. Default ">". */
  readonly src?: string;
  /** Subject of the copy, with `$1` and the like for what "*" matched. It may not come back into the stream. */
  readonly dest: string;
  /** Without the body. Default false. */
  readonly headersOnly?: boolean;
}

/** How a stream in another account or domain is reached. */
export interface ExternalStream {
  /** Prefix of its JetStream API, as imported: "$JS.hub.API" for the domain "hub". */
  readonly api: string;
  /** Prefix of the subjects that it delivers to. */
  readonly deliver?: string;
}

/** A durable push consumer that exists at the origin. */
export interface SourceConsumer {
  /** Its durable name. */
  readonly name: string;
  /** The subject it delivers to, without wildcards. */
  readonly deliverSubject: string;
}

/** Limits and defaults for consumers. */
export interface ConsumerLimits {
  /** Longest time without activity: "1h". */
  readonly inactiveThreshold?: Duration;
  /** Most unacknowledged messages. */
  readonly maxAckPending?: number;
}
