import type { StreamPlacement } from "./streamSettings";
import type { Duration, Size } from "./units";

/**
 * All settings of an object store. It is the stream `OBJ_<bucket>`; what a change costs is said at each as there: "in place",
 * "one-way" (in place, but it can't be undone), or "replace" (a new store; refused while there are objects, see `onDataLoss`).
 */
export interface ObjectStoreSettings {
  /** Name of the store: letters, digits, "_" and "-". Default: the resource's name. Change: replace. */
  readonly bucket?: string;
  /** Any text of at most 4 KiB. Default none. Change: in place. */
  readonly description?: string;
  /** How long objects stay, "24h". Default "0s", for ever. Change: in place; a shorter time deletes at once what is older. */
  readonly ttl?: Duration;
  /**
   * Most bytes of all objects, "10GiB"; then uploads are refused. Counts against the account's limit, times replicas. Default -1,
   * unlimited. Change: in place; nothing is deleted.
   */
  readonly maxBytes?: Size;
  /** Where objects are kept. Default "file". Change: replace. */
  readonly storage?: "file" | "memory";
  /** How many servers keep a copy, 1 to 5. More than 1 needs a cluster. Default 1. Change: in place; `up` waits until all are current. */
  readonly replicas?: number;
  /** Where the copies are. Default: the servers choose. Change: in place; moves the store, `up` waits until it has arrived. */
  readonly placement?: StreamPlacement;
  /** Compresses files (s2). Default false. Change: in place, for new blocks. */
  readonly compression?: boolean;
  /** Labels, at most 128 KiB in all. Change: in place. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Nothing comes in, nothing goes out. Default false. Change: one-way (it does not keep the store from being deleted). */
  readonly sealed?: boolean;
}
