import type { Size, Duration } from "../units";
import type { PermissionSettings, UserLimitSettings } from "./userSettings";

/** What JetStream gives to an account. JetStream is off until storage is given. A change is pushed and takes effect at once. */
export interface JetStreamLimitSettings {
  /** Bytes of streams on disk; -1 is unlimited, 0 is none. Default 0. */
  readonly jsDiskStorage?: Size | 0;
  /** Bytes of streams in memory; -1 is unlimited, 0 is none. Default 0. */
  readonly jsMemStorage?: Size | 0;
  /** Number of streams; -1 is unlimited. Default -1. */
  readonly jsStreams?: number;
  /** Number of consumers of each stream; -1 is unlimited. Default -1. */
  readonly jsConsumer?: number;
  /** Largest maxAckPending of a consumer; -1 is unlimited. Default -1. */
  readonly jsMaxAckPending?: number;
  /** Largest maxBytes of a stream on disk; -1 is unlimited. Default -1. */
  readonly jsMaxDiskStream?: Size;
  /** Largest maxBytes of a stream in memory; -1 is unlimited. Default -1. */
  readonly jsMaxMemStream?: Size;
  /** Every stream must say its maxBytes. Default false. */
  readonly jsMaxBytesRequired?: boolean;
}

/** Settings of an account, named as nsc's flags. A change is pushed to every server and takes effect at once. */
export interface AccountSettings extends JetStreamLimitSettings {
  /** The account's name, for people; servers know it by its public key. */
  readonly name: string;
  /** What the account is for. Default none. */
  readonly description?: string;
  /** Where to read more of it. Default none. */
  readonly infoUrl?: string;
  /** Tags, in lower case. Default none. */
  readonly tag?: readonly string[];
  /** Until when the account is valid: "1y", "90d" from when it is issued, or a date, "2027-01-31". Default always. */
  readonly expiry?: string;
  /** From when the account is valid, in the same words. Default at once. */
  readonly start?: string;
  /** Connections of clients; -1 is unlimited. Default -1. Lowered below what is there, the newest are closed. */
  readonly conns?: number;
  /** Connections of leaf nodes; -1 is unlimited. Default -1. */
  readonly leafConns?: number;
  /** Bytes that may be in flight, which no nats-server up to 2.15 holds anyone to; -1 is unlimited. Default -1. */
  readonly data?: Size;
  /** Largest message; -1 is the server's limit. Default -1. */
  readonly payload?: Size;
  /** Subscriptions of one connection, where its user's own `subs` are not fewer; -1 is unlimited. Default -1. */
  readonly subscriptions?: number;
  /** Most imports, nsc's `--imports`; -1 is unlimited. Default -1. */
  readonly maxImports?: number;
  /** Most exports, nsc's `--exports`; -1 is unlimited. Default -1. */
  readonly maxExports?: number;
  /** Exports may have wildcards. Default true. */
  readonly wildcardExports?: boolean;
  /** Users must prove their seed: no bearer tokens. Default false. */
  readonly disallowBearer?: boolean;
  /** JetStream's limits by number of replicas, in place of those of all: `{ R1: { jsDiskStorage: "10GiB" }, R3: { … } }`. Default none. */
  readonly jsTier?: { readonly [Tier in "R1" | "R2" | "R3" | "R4" | "R5"]?: JetStreamLimitSettings };
  /** What other accounts may import. Default nothing. */
  readonly exports?: readonly ExportSettings[];
  /** What comes from other accounts. Default nothing. */
  readonly imports?: readonly ImportSettings[];
  /** By subject, where messages to it go instead: `{ "orders.v1": [{ to: "orders.v2", weight: 10 }] }`. Default none. */
  readonly mappings?: { readonly [subject: string]: readonly MappingSettings[] };
  /** Permissions of users that have none of their own. Default all is allowed. */
  readonly defaultPermissions?: PermissionSettings;
  /** Subject that traces of messages with a sampled `traceparent` header go to. Default none. */
  readonly traceContextSubject?: string;
  /** How many of a hundred such messages are traced, 1 to 100. Default 100. */
  readonly traceContextSampling?: number;
  /** Whose traffic between servers counts for the account: "system" or "owner". Default "system". Since nats-server 2.11. */
  readonly clusterTraffic?: "system" | "owner";
  /** Users' JWTs are asked for from a service. Default none. */
  readonly authCallout?: AuthCalloutSettings;
  /** By user's public key ("*": all users), when a JWT must be issued after to be valid: `{ UAB…: "2026-11-21T10:00:00Z" }`. Default none. */
  readonly revocations?: { readonly [user: string]: string };
}

/** Something that an account offers to others. */
export interface ExportSettings {
  /** Subject, with wildcards where the account allows them. */
  readonly subject: string;
  /** A service, which answers requests. Default false: a stream of messages. */
  readonly service?: boolean;
  /** Name for people. Default none. */
  readonly name?: string;
  /** Only who has an activation token may import it. Default false. */
  readonly private?: boolean;
  /** How a service answers. Default "Singleton": one message. */
  readonly responseType?: "Singleton" | "Stream" | "Chunked";
  /** How long a service may take. Default none. */
  readonly responseThreshold?: Duration;
  /** Which token of the subject, counted from 1, must be the importing account's public key. Default none. */
  readonly accountTokenPosition?: number;
  /** Subject that measured latencies of the service go to. Default none. */
  readonly latency?: string;
  /** How many of a hundred requests are measured, 1 to 100. Default 100 where there is `latency`. */
  readonly sampling?: number;
  /** Traces of messages may go on into this account. Default false. */
  readonly allowTrace?: boolean;
  /** Listed for others to find. Default false. */
  readonly advertise?: boolean;
  /** What it is. Default none. */
  readonly description?: string;
  /** Where to read more of it. Default none. */
  readonly infoUrl?: string;
}

/** Something that comes from another account. */
export interface ImportSettings {
  /** Public key (A…) of the account that exports it. */
  readonly srcAccount: string;
  /** Subject in that account. */
  readonly remoteSubject: string;
  /** Subject in this account; `$1` is the first wildcard of `remoteSubject`. Default the same. */
  readonly localSubject?: string;
  /** A service. Default false: a stream. */
  readonly service?: boolean;
  /** Name for people. Default none. */
  readonly name?: string;
  /** Activation token (a JWT), for an export that is private. */
  readonly token?: string;
  /** The service may see who asks, where it measures latency. Default false. */
  readonly share?: boolean;
  /** Traces of messages may go on into that account. Default false. */
  readonly allowTrace?: boolean;
}

/** One place where messages to a subject go. */
export interface MappingSettings {
  /** Subject; `{{wildcard(1)}}` or `$1` is the first wildcard. */
  readonly to: string;
  /** Share of the messages in percent, 1 to 100. Default 100. */
  readonly weight?: number;
  /** Only in the cluster of this name. Default in all. */
  readonly cluster?: string;
}

/** The service that is asked for users' JWTs. */
export interface AuthCalloutSettings {
  /** Public keys (U…) of users that log in without being asked for: the service's own. */
  readonly authUser: readonly string[];
  /** Public keys (A…) of accounts that the service may put users into, or "*". Default none but this one. */
  readonly allowedAccount?: readonly string[];
  /** Public curve key (X…) that requests are encrypted for. Default none. */
  readonly curve?: string;
}

/** A signing key whose users all have the same permissions and limits. */
export interface ScopedKeySettings extends UserLimitSettings {
  /** Name of the role, unique in the account. */
  readonly role: string;
  /** Account seed (SA…) of the key, or its public key (A…), or "generate". Default "generate". */
  readonly key?: string;
  /** What the role is for. Default none. */
  readonly description?: string;
}
