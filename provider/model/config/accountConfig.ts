// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration, Size } from "../units";
import type { Permissions, UserConfig } from "./userConfig";
import type { Verbatim } from "./verbatim";

/** Where a part of a mapped subject's messages goes. */
export interface MappingDestination {
  /**
   * Required in map form, 0..100.
   * A change is reloaded.
   */
  readonly weight?: number | `${number}%`;
  /**
   * Only in this cluster.
   * A change is reloaded.
   */
  readonly cluster?: string;
  /**
   * Target.
   * A change is reloaded.
   */
  readonly destination?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** One account: `accounts { NAME { } }`. */
export interface AccountConfig {
  /**
   * Account identity.
   * A change is reloaded.
   */
  readonly nkey?: string;
  /**
   * Users. Default [].
   * A change is reloaded.
   * Moving a user to another account closes its clients.
   */
  readonly users?: readonly UserConfig[];
  /**
   * Account limits. Since nats-server 2.7.0.
   * A change is reloaded.
   */
  readonly limits?: AccountLimits;
  /**
   * Exports. Default [].
   * A change is reloaded.
   */
  readonly exports?: readonly AccountExport[];
  /**
   * Imports. Default [].
   * A change is reloaded.
   */
  readonly imports?: readonly AccountImport[];
  /**
   * Subject mappings. Default {}.
   * A change is reloaded.
   */
  readonly mappings?: { readonly [name: string]: string | readonly MappingDestination[] | MappingDestination };
  /**
   * JetStream for the account. Default disabled.
   * A change is reloaded.
   * Enable and limits are hot (accounts are re-enabled on every reload).
   */
  readonly jetstream?: boolean | "enabled" | "disabled" | AccountJetStream;
  /**
   * Default trace destination. Since nats-server 2.11.0.
   * A change is reloaded.
   */
  readonly msgTrace?: string | MessageTrace;
  /**
   * Default permissions.
   * A change is reloaded.
   */
  readonly defaultPermissions?: Permissions;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `accounts { NAME { limits { } } }`. */
export interface AccountLimits {
  /**
   * Message size. Default -1. Since nats-server 2.7.0.
   * A change is reloaded.
   */
  readonly maxPayload?: Size;
  /**
   * Leaf connections. Default -1. Since nats-server 2.7.0.
   * A change is reloaded.
   */
  readonly maxLeafnodes?: number;
  /**
   * Connections. Default -1. Since nats-server 2.7.0.
   * A change is reloaded.
   */
  readonly maxConnections?: number;
  /**
   * Subscriptions. Default -1. Since nats-server 2.7.0.
   * A change is reloaded.
   */
  readonly maxSubscriptions?: number;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** A stream or a service that other accounts may import. */
export interface AccountExport {
  /**
   * Stream export.
   * A change is reloaded.
   */
  readonly stream?: string;
  /**
   * Service export.
   * A change is reloaded.
   */
  readonly service?: string;
  /**
   * Latency tracking.
   * A change is reloaded.
   */
  readonly latency?: string | ServiceLatency;
  /**
   * Private export.
   * A change is reloaded.
   */
  readonly accounts?: readonly string[];
  /**
   * Service response threshold.
   * A change is reloaded.
   */
  readonly threshold?: Duration;
  /**
   * Service: allow tracing. Since nats-server 2.11.0.
   * A change is reloaded.
   */
  readonly allowTrace?: boolean;
  /**
   * singleton, stream, chunked.
   * A change is reloaded.
   */
  readonly responseType?: "singleton" | "stream" | "chunked";
  /**
   * Token that must be the importing account.
   * A change is reloaded.
   */
  readonly accountTokenPosition?: number;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** Latency samples of a service. */
export interface ServiceLatency {
  /**
   * Where samples go (required).
   * A change is reloaded.
   */
  readonly subject?: string;
  /**
   * 1..100 or headers. Default 100.
   * A change is reloaded.
   */
  readonly sampling?: "headers" | number | `${number}%`;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** A stream or a service of another account. */
export interface AccountImport {
  /**
   * Local subject.
   * A change is reloaded.
   */
  readonly to?: string;
  /**
   * Service: share client info.
   * A change is reloaded.
   */
  readonly share?: boolean;
  /**
   * Stream import.
   * A change is reloaded.
   */
  readonly stream?: ImportSource;
  /**
   * Stream: local prefix (not with to).
   * A change is reloaded.
   */
  readonly prefix?: string;
  /**
   * Service import.
   * A change is reloaded.
   */
  readonly service?: ImportSource;
  /**
   * Stream: allow tracing. Since nats-server 2.11.0.
   * A change is reloaded.
   */
  readonly allowTrace?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** What is imported from which account. */
export interface ImportSource {
  /**
   * Exporting account.
   * A change is reloaded.
   */
  readonly account?: string;
  /**
   * Exported subject.
   * A change is reloaded.
   */
  readonly subject?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** What of JetStream an account may use. */
export interface AccountJetStream {
  /**
   * File storage. Default -1.
   * A change is reloaded.
   * Sizes must be unquoted numbers here ("1G" quoted is an error).
   */
  readonly maxStore?: Size;
  /**
   * Memory storage. Default -1.
   * A change is reloaded.
   * Sizes must be unquoted numbers here ("1G" quoted is an error).
   */
  readonly maxMemory?: Size;
  /**
   * Streams. Default -1.
   * A change is reloaded.
   */
  readonly maxStreams?: number;
  /**
   * Consumers. Default -1.
   * A change is reloaded.
   */
  readonly maxConsumers?: number;
  /**
   * Consumer cap. Default -1. Since nats-server 2.8.0.
   * A change is reloaded.
   */
  readonly maxAckPending?: number;
  /**
   * system or owner: account that carries raft traffic. Default system. Since nats-server 2.11.0.
   * A change is reloaded.
   */
  readonly clusterTraffic?: "system" | "owner";
  /**
   * Streams must set max_bytes. Default false. Since nats-server 2.7.0.
   * A change is reloaded.
   */
  readonly maxBytesRequired?: boolean;
  /**
   * Largest file stream. Default -1. Since nats-server 2.8.0.
   * A change is reloaded.
   * Sizes must be unquoted numbers here ("1G" quoted is an error).
   */
  readonly storeMaxStreamBytes?: Size;
  /**
   * Largest memory stream. Default -1. Since nats-server 2.8.0.
   * A change is reloaded.
   * Sizes must be unquoted numbers here ("1G" quoted is an error).
   */
  readonly memoryMaxStreamBytes?: Size;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `msg_trace { }`: where traces go by default. */
export interface MessageTrace {
  /**
   * Trace destination. Since nats-server 2.11.0.
   * A change is reloaded.
   */
  readonly dest?: string;
  /**
   * 1..100. Default 100. Since nats-server 2.11.0.
   * A change is reloaded.
   */
  readonly sampling?: number | `${number}%`;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
