import type * as pulumi from "@pulumi/pulumi";
import type { BackupPlace, RestoreSource } from "../model/backup";
import type { Wrapped } from "./wrapped";

export type { BackupFolder, BackupPlace, BackupStore, FolderSource, RestoreSource, StoreSource } from "../model/backup";

/** What becomes of messages (of a bucket: values, of a store: objects) that a change would delete, and where they come from. */
export interface DataArgs {
  /**
   * What to do when a change, a replacement or the end of the resource would delete what it holds: "refuse" stops in the preview
   * (and again before anything is sent), "backup" takes a snapshot to `backup` first and goes on only when that is whole, "allow"
   * goes on. Default "refuse". What holds nothing goes without it. For a whole stack: `PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`,
   * which lifts refusals; a "backup" is still taken.
   *
   * Before a delete or a replacement, a snapshot is taken while publishers go on; then the stream's subjects are taken away (they
   * get no acknowledgement any more), what came in meanwhile goes into a second snapshot, and the stream is deleted. Where that
   * fails it gets its subjects back; a process that is killed in between (some 0.3 s, or the time of the second snapshot) leaves
   * it with the subject `pulumi-nats.parked.<name>`, which the next run of the same takes from there; a program that keeps the resource gives its subjects back by the next `up`. Mirrors, and sources of a stream, go on
   * until the last look; what they still bring is at its origin. A change in place takes snapshots until one holds the last message (3 at most), then changes.
   */
  readonly onDataLoss?: pulumi.Input<"refuse" | "backup" | "allow">;
  /**
   * Where snapshots go for `onDataLoss: "backup"`, read again by `restoreFrom` and by `nats stream restore`: `{ dir: "./backups" }`, or
   * `{ bucket: backups.bucket }`, an object store of the same account, as safe as its replicas. Each is a folder `<stream>-<time>`, or the
   * same files as objects `<stream>-<time>/…`, and counts only once all of it is written and was read again. Default none. Change: in
   * place, for the next one.
   *
   * The preview refuses a store that is missing, sealed or full when a backup is due, and warns of one that may be too small: up to
   * the size of the stream is needed. A stream in memory can be backed up by servers 2.15 and later.
   *
   * @example
   * ```ts
   * const backups = new nats.ObjectStore("backups", { replicas: 3 }, { provider });
   * new nats.Stream("ORDERS", { onDataLoss: "backup", backup: { bucket: backups.bucket } }, { provider });
   * ```
   */
  readonly backup?: Wrapped<BackupPlace>;
  /**
   * A snapshot that it is made from, with its content, sequences and consumers: `{ dir: "./backups/ORDERS-2026-…" }` or
   * `{ bucket: "backups", name: "ORDERS-2026-…" }`, of `onDataLoss: "backup"` or of `nats stream backup` (in a store: its files under
   * `<name>/`). Default none: it starts empty. Looked at when it is made; later it means nothing.
   * A place that holds none, one of another stream or storage, or a damaged one is a problem in the preview, which reads up to 64 MiB
   * of a folder; of a larger one it compares the size, in a store size, digest and the number of chunks. `up` reads it all, before
   * anything is deleted for it: some 2 s a GiB of a folder.
   *
   * From a store by the nats CLI: `mkdir ORDERS && cd ORDERS`, `nats object get backups ORDERS-2026-…/backup.json`, the same of
   * `stream.tar.s2` and `stream.tar.s2.sha256`, `sha256sum -c stream.tar.s2.sha256`, then `nats stream restore .`.
   */
  readonly restoreFrom?: Wrapped<RestoreSource>;
}
