// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration, Size } from "../units";
import type { Verbatim } from "./verbatim";

/** `jetstream { }`: the server's storage and limits. */
export interface JetStreamBlock {
  /**
   * At-rest encryption key. Since nats-server 2.3.0.
   * A change restarts the servers one by one.
   * Printed in clear in the log if a reload is attempted. Rotate with prev_key and restart.
   * Holds a secret: give it as a secret output.
   */
  readonly key?: string;
  /**
   * Keep the encryption key in a TPM. Default absent. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly tpm?: Tpm;
  /**
   * JetStream domain (no . * >). Since nats-server 2.2.3.
   * A change restarts all servers at once: an outage, refused unless allowed.
   * Changes the API subject seen by leafs and clients: full-cluster, client-visible.
   */
  readonly domain?: string;
  /**
   * chachapoly or aes. Default chacha. Since nats-server 2.9.0.
   * A change restarts the servers one by one.
   */
  readonly cipher?: "chacha" | "chachapoly" | "aes";
  /**
   * Reject unknown fields in API requests. Default true (2.12+). Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly strict?: boolean;
  /**
   * Server-wide asset limits. Since nats-server 2.8.0.
   * A change is reloaded.
   * Hot since 2.15.0 (refused before). Enforced on create/update only; existing assets keep what they have.
   */
  readonly limits?: JetStreamLimits;
  /**
   * Switch inside the map. Default true.
   * A change is reloaded.
   */
  readonly enabled?: boolean;
  /**
   * Old key during rotation. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly prevKey?: string;
  /**
   * Directory. Default $TMPDIR/nats.
   * A change gives the server an empty store: new data identity.
   * Change = empty store for this node: drain by peer-remove or copy offline.
   */
  readonly storeDir?: string;
  /**
   * Tag prefix that replicas must differ in. Since nats-server 2.8.0.
   * A change restarts the servers one by one.
   */
  readonly uniqueTag?: string;
  /**
   * Meta log entries before snapshot. Default 0. Since nats-server 2.11.11.
   * A change is reloaded.
   */
  readonly metaCompact?: number;
  /**
   * fsync interval; "always" = fsync each write. Default 2m. Since nats-server 2.10.0.
   * A change restarts the servers one by one.
   */
  readonly syncInterval?: "always" | Duration;
  /**
   * File cap of the server. Default 75% of free disk.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Increase from a set value: hot (2.12.7+, 2.14+; refused before and in 2.11). Decrease, set->unset, unset->set:
   * refused. Restart below current usage is not blocked by the server.
   */
  readonly maxFileStore?: Size;
  /**
   * will_extend or no_extend the meta group over leafs. Since nats-server 2.7.0.
   * A change restarts the servers one by one.
   */
  readonly extensionHint?: "will_extend" | "no_extend";
  /**
   * Memory cap of the server. Default 75% of memory (GOMEMLIMIT aware).
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Increase from a set value: hot (2.12.7+, 2.14+; refused before and in 2.11). Decrease, set->unset, unset->set:
   * refused. Restart below current usage is not blocked by the server.
   */
  readonly maxMemoryStore?: Size;
  /**
   * Info API queue. Default request_queue_limit. Since nats-server 2.14.0.
   * A change restarts the servers one by one.
   */
  readonly infoQueueLimit?: number;
  /**
   * Per-stream ingest buffer. Default 128MB. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly maxBufferedSize?: Size;
  /**
   * Per-stream ingest buffer. Default 100000. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly maxBufferedMsgs?: number;
  /**
   * Meta log bytes before snapshot. Default 0. Since nats-server 2.11.11.
   * A change is reloaded.
   */
  readonly metaCompactSize?: Size;
  /**
   * Snapshot synchronously. Default false. Since nats-server 2.12.5.
   * A change is reloaded.
   */
  readonly metaCompactSync?: boolean;
  /**
   * Concurrent disk operations 4..8192. Default 4096. Since nats-server 2.12.14.
   * A change restarts the servers one by one.
   */
  readonly maxConcurrentIo?: number;
  /**
   * API queue. Default 10000. Since nats-server 2.10.21.
   * A change restarts the servers one by one.
   */
  readonly requestQueueLimit?: number;
  /**
   * Catch-up bytes in flight. Default 64MB. Since nats-server 2.9.0.
   * A change restarts the servers one by one.
   */
  readonly maxOutstandingCatchup?: Size;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `jetstream { tpm { } }`: encryption key in a TPM. */
export interface Tpm {
  /**
   * Platform register that the key is bound to. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly pcr?: number;
  /**
   * Cipher of files at rest: chacha or aes. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly cipher?: "chacha" | "chachapoly" | "aes";
  /**
   * File that keeps the sealed encryption key. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly keysFile?: string;
  /**
   * Password of the TPM's storage root key. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly srkPassword?: string;
  /**
   * Password that seals the encryption key. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly encryptionPassword?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `jetstream { limits { } }`. */
export interface JetStreamLimits {
  /**
   * Batch publish limits. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly batch?: BatchLimits;
  /**
   * R>1 assets per server. Default 0. Since nats-server 2.8.0.
   * A change is reloaded.
   */
  readonly maxHaAssets?: number;
  /**
   * Consumer max_ack_pending cap. Default 0. Since nats-server 2.8.0.
   * A change is reloaded.
   */
  readonly maxAckPending?: number;
  /**
   * Dedupe window cap. Default 0. Since nats-server 2.8.0.
   * A change is reloaded.
   */
  readonly duplicateWindow?: Duration;
  /**
   * Pull batch cap. Default 0. Since nats-server 2.8.0.
   * A change is reloaded.
   */
  readonly maxRequestBatch?: number;
  /**
   * Consumers per stream unless set on stream/account. Default 1000 (-1 none). Since nats-server 2.15.0.
   * A change is reloaded.
   */
  readonly defaultMaxConsumers?: number;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `jetstream { limits { batch { } } }`. */
export interface BatchLimits {
  /**
   * Batch abandon time. Default 10s. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
  /**
   * Messages per atomic batch. Default 1000. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly maxMsgs?: number;
  /**
   * Open batches per server. Default 1000 atomic / 50000 fast. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly maxInflightTotal?: number;
  /**
   * Open batches per stream. Default 50 atomic / 1000 fast. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly maxInflightPerStream?: number;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
