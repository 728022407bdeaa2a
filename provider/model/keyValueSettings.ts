import type { StreamPlacement, StreamRepublish, StreamSource } from "./streamSettings";
import type { Duration, Size } from "./units";

/**
 * All settings of a key-value bucket. A bucket is the stream `KV_<bucket>`; what a change costs is said at each as there: "in
 * place", "one-way" (in place, but it can't be undone), or "replace" (a new bucket; refused while there are keys, see `onDataLoss`).
 */
export interface KeyValueSettings {
  /** Name of the bucket: letters, digits, "_" and "-". Default: the resource's name. Change: replace. */
  readonly bucket?: string;
  /** Any text of at most 4 KiB. Default none. Change: in place. */
  readonly description?: string;
  /** How many values are kept of each key, 1 to 64. Default 1. Change: in place; less deletes the oldest values at once. */
  readonly history?: number;
  /**
   * How long values stay, "24h", at least "100ms". Default "0s", for ever. Change: in place; a shorter time deletes at once what
   * is older.
   */
  readonly ttl?: Duration;
  /**
   * Lets keys have times of their own (`ttl` of a KeyValueEntry), and how long the marker stays that tells watchers of a key that
   * ran out; at least "1s". Not for mirrors. Default "0s", off. Change: in place; keys with times stay possible (one-way).
   */
  readonly limitMarkerTtl?: Duration;
  /** Largest value with its headers, "64KiB". Default -1, the server's max_payload. Change: in place; larger values stay. */
  readonly maxValueSize?: Size;
  /**
   * Most bytes of all values, "1GiB"; then writes are refused. Counts against the account's limit, times replicas. Default -1,
   * unlimited. Change: in place; nothing is deleted.
   */
  readonly maxBytes?: Size;
  /** Where values are kept. Default "file". Change: replace. */
  readonly storage?: "file" | "memory";
  /** How many servers keep a copy, 1 to 5. More than 1 needs a cluster. Default 1. Change: in place; `up` waits until all are current. */
  readonly replicas?: number;
  /** Where the copies are. Default: the servers choose. Change: in place; moves the bucket, `up` waits until it has arrived. */
  readonly placement?: StreamPlacement;
  /** Values are published again: `{ src: "$KV.config.>", dest: "copies.>" }`. Change: in place, for new values. */
  readonly republish?: StreamRepublish;
  /** Compresses files (s2). Default false. Change: in place, for new blocks. */
  readonly compression?: boolean;
  /** Labels, at most 128 KiB in all. Change: in place. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * A read-only copy of one other bucket: `{ name: "config" }`. Change: replace; removing it makes the copy a bucket of its own
   * with all its values (one-way, from 2.12; before that replace).
   */
  readonly mirror?: StreamSource;
  /**
   * Other buckets whose keys come in as well: `[{ name: "config" }]`. With subjectTransforms, `name` is a stream and nothing is
   * added to it. Change: in place; values of removed sources stay.
   */
  readonly sources?: readonly StreamSource[];
}
