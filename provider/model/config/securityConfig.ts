// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { AccountConfig, MappingDestination } from "./accountConfig";
import type { ClientTls, ResolverTls } from "./tlsConfig";
import type { Authorization } from "./userConfig";
import type { Verbatim } from "./verbatim";

/** `ocsp { }`: stapling. */
export interface Ocsp {
  /**
   * Responder override. Since nats-server 2.3.0.
   * A change is reloaded.
   */
  readonly url?: string;
  /**
   * auto, always, must, never. Default auto. Since nats-server 2.3.0.
   * A change is reloaded.
   * Keys in this map are case sensitive.
   */
  readonly mode?: "auto" | "always" | "must" | "never";
  /**
   * Responder overrides. Since nats-server 2.3.0.
   * A change is reloaded.
   * BROKEN in 2.15.2: a list always fails to parse ("[]interface {}, not []string"); use url.
   */
  readonly urls?: readonly string[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `proxies { }`. */
export interface Proxies {
  /**
   * Trusted proxy public keys. Default []. Since nats-server 2.12.0.
   * A change is reloaded.
   * Removed keys drop the connections that used them.
   */
  readonly trusted?: readonly TrustedProxy[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** A trusted proxy's key. */
export interface TrustedProxy {
  /**
   * Public nkey of the proxy. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly key?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `resolver { }`: where account JWTs are kept. */
export interface Resolver {
  /**
   * JWT directory; must be owner-writable if it exists.
   * A change is reloaded.
   */
  readonly dir?: string;
  /**
   * cache only. Default 0.
   * A change is reloaded.
   */
  readonly ttl?: Duration;
  /**
   * full (keeps all, syncs over system account), cache (LRU), memory.
   * A change is reloaded.
   */
  readonly type?: "full" | "cache" | "mem" | "memory";
  /**
   * Max JWTs. Default unlimited for full, 1000 for cache.
   * A change is reloaded.
   */
  readonly limit?: number;
  /**
   * Fetch timeout. Default 1.9s.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
  /**
   * full only: sync interval. Default 1m.
   * A change is reloaded.
   */
  readonly interval?: Duration;
  /**
   * full only: really delete. Default false.
   * A change is reloaded.
   */
  readonly hardDelete?: boolean;
  /**
   * full only: accept CLAIMS.DELETE (files renamed .delete). Default false.
   * A change is reloaded.
   */
  readonly allowDelete?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `ocsp_cache { }`. */
export interface OcspCache {
  /**
   * none or local. Default local.
   * A change is reloaded.
   */
  readonly type?: "none" | "local";
  /**
   * Directory. Default _rc_.
   * A change is reloaded.
   */
  readonly localStore?: string;
  /**
   * Flush interval. Default 5m.
   * A change is reloaded.
   */
  readonly saveInterval?: Duration;
  /**
   * Keep revoked entries. Default false.
   * A change is reloaded.
   */
  readonly preserveRevoked?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** TLS of clients, users, accounts, and operator mode. */
export interface SecuritySettings {
  /**
   * Client TLS. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Adding/removing/changing is hot for new connections; existing ones stay as they are. verify_and_map and
   * connection_rate_limit changes refuse the reload.
   */
  readonly tls?: ClientTls;
  /**
   * Accept plaintext and TLS on the client port at once. Default false.
   * A change restarts the servers one by one.
   * Tool for TLS migration, but itself needs a restart.
   */
  readonly allowNonTls?: boolean;
  /**
   * OCSP stapling. Default absent (auto when the certificate has must-staple). Since nats-server 2.3.0.
   * A change is reloaded.
   */
  readonly ocsp?: boolean | Ocsp;
  /**
   * Response cache for ocsp_peer. Default absent. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspCache?: boolean | OcspCache;
  /**
   * Client authentication outside accounts. Default absent.
   * A change is reloaded; clients that it no longer admits are dropped.
   * Hot except auth_callout and proxy_required. Every reload re-checks every client: no longer valid clients are
   * disconnected.
   */
  readonly authorization?: Authorization;
  /**
   * User assumed for clients without credentials; must exist in users.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Adding or changing: refused. Removing: accepted only when the user it named is removed in the same edit.
   */
  readonly noAuthUser?: string;
  /**
   * Accounts of config mode. $G is reserved; not allowed together with operator. Default {}.
   * A change is reloaded.
   * Add/remove/change are hot. Removing an account drops its clients; its JetStream data stays on disk and healthz
   * turns 503 "could not be resolved" until the directory is gone or the account is back.
   */
  readonly accounts?: { readonly [name: string]: AccountConfig } | readonly string[];
  /**
   * Subject mappings of the global account. Default {}.
   * A change is reloaded.
   */
  readonly mappings?: { readonly [name: string]: string | readonly MappingDestination[] | MappingDestination };
  /**
   * Account for system services. Default $SYS (built in, if not disabled).
   * A change restarts the servers one by one.
   * Even writing the default "$SYS" explicitly is refused at reload. Users for $SYS can be added by reload through
   * accounts { "$SYS" { users } } without this key.
   */
  readonly systemAccount?: string;
  /**
   * Disable the system account. Default false.
   * A change restarts the servers one by one.
   */
  readonly noSystemAccount?: boolean;
  /**
   * Operator JWT(s): trust roots, turns on operator (decentralised) mode.
   * A change restarts the servers one by one.
   * Any difference in the decoded operator JWT, also with an unchanged path, refuses the whole reload, which
   * blocks every other reload (certs too) until restart. The file content is not in config_digest.
   */
  readonly operator?: string | readonly string[];
  /**
   * Operator public keys instead of operator JWTs.
   * A change restarts the servers one by one.
   */
  readonly trustedKeys?: string | readonly string[];
  /**
   * Account JWT source: MEMORY, URL(<url>), or a map with type full/cache. Default account_server_url of the
   * operator JWT, else none.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * From none to one or back is refused. Kind or settings changes are accepted (mem->full, allow_delete observed).
   */
  readonly resolver?: string | Resolver;
  /**
   * TLS for a URL resolver.
   * A change is reloaded.
   */
  readonly resolverTls?: ResolverTls;
  /**
   * Account JWTs injected at start and reload. Default {}.
   * A change is reloaded.
   * With MEMORY this is the account database: a JWT removed or signed by an untrusted operator key deletes the
   * account and drops its clients at reload.
   */
  readonly resolverPreload?: { readonly [name: string]: string };
  /**
   * Only these accounts may be used. Since nats-server 2.4.0.
   * A change is reloaded.
   */
  readonly resolverPinnedAccounts?: string | readonly string[];
  /**
   * Credentials assumed for clients without any in operator mode (auth callout sentinel). Since nats-server
   * 2.11.2.
   * A change is reloaded.
   * Validated first: must be a bearer (or scoped) user JWT; the refused run was that validation, the hot path is
   * from source.
   * Holds a secret: give it as a secret output.
   */
  readonly defaultSentinel?: string;
  /**
   * Trusted proxies (signing keys). Default absent. Since nats-server 2.12.0.
   * Adding or removing the block restarts the servers one by one.
   * 2.15.2: ADDING or REMOVING the whole block by reload crashes the server (nil pointer in diffOptions; same code
   * since 2.12.0). Only edit `trusted` inside an existing block, or keep `proxies { trusted: [] }` from the first
   * start.
   */
  readonly proxies?: Proxies;
}
