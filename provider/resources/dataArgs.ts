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
   * What becomes of the messages (of a bucket: keys and objects) when a change needs a new stream: `storage`, and of a stream retention
   * to or from workqueue, persistMode, and what can't be switched off again. "mirror" keeps them with their sequences, so of a bucket
   * revisions, history, delete markers and times to live too (of headers, servers drop `Nats-Expected-…` from what they copy). A
   * temporary stream `<name>_replacement` (`KV_<bucket>_replacement`, `OBJ_<bucket>_replacement`) takes the stream's place while the new
   * one copies from it, and consumers go on after their acknowledged floors. For Pulumi it is an update; of `Streams`, each member that
   * must be replaced is replaced so. Where a Stream gets another `name`, the new one copies from the old one itself and takes its place,
   * which goes then: for Pulumi a replacement, and of Consumers with `stream: orders.name` too, which go on in it.
   *
   * Publishers get no acknowledgement in two short switches (they should try again under the same message id; ids from before a
   * switch are not remembered). Of a bucket, reads may be a moment old while it is copied, and get errors from the first switch to the
   * second one, while all is copied back: what was written last may not be found for that moment, and a client that opens the bucket
   * just then may not find a key yet.
   *
   * Needs nats-server 2.12 and room for a second copy on disk, which the preview looks for; what was cut short goes on with the
   * next `up`. It can't bring another mirror, sources, firstSeq or allowMsgCounter about, nor another name of a bucket, nor keep a stream
   * or bucket that copies from others: the preview says so. Default none: see `onDataLoss`. Change: in place, for the next one.
   *
   * @example
   * ```ts
   * new nats.KeyValue("sessions", { storage: "memory", replaceBy: "mirror" }, { provider });
   * ```
   */
  readonly replaceBy?: pulumi.Input<"mirror">;
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
   * The servers may be others than those that it was taken on: replicas and placement are those of the program. A store is one of the
   * account here: objects of another cluster's store are carried over under their names.
   *
   * A place that holds none, one of another stream or storage, or a damaged one is a problem in the preview, which reads up to 64 MiB
   * of a folder; of a larger one it compares the size, in a store size, digest and the number of chunks. `up` reads it all, before
   * anything is deleted for it: some 2 s a GiB of a folder.
   *
   * From a store by the nats CLI: `mkdir ORDERS && cd ORDERS`, `nats object get backups ORDERS-2026-…/backup.json`, the same of
   * `stream.tar.s2` and `stream.tar.s2.sha256`, `sha256sum -c stream.tar.s2.sha256`, then `nats stream restore .`.
   */
  readonly restoreFrom?: Wrapped<RestoreSource>;
}
