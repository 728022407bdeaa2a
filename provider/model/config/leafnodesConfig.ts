// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { Compression } from "./clusterConfig";
import type { LeafnodeProxyTls, LeafnodeRemoteTls, LeafnodesTls } from "./tlsConfig";
import type { Verbatim } from "./verbatim";

/** `leafnodes { }`: listener for leafnodes and links to hubs. */
export interface LeafnodesBlock {
  /**
   * Leaf listener TLS. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Adding is refused unless leafnodes.authorization.timeout is explicit.
   */
  readonly tls?: LeafnodesTls;
  /**
   * Bind address. Default 0.0.0.0.
   * A change restarts the servers one by one.
   */
  readonly host?: string;
  /**
   * Leaf port (7422 by custom). Default 0.
   * A change restarts the servers one by one.
   */
  readonly port?: number;
  /**
   * Leaf listener.
   * A change restarts the servers one by one.
   */
  readonly listen?: number | `${string}:${number}`;
  /**
   * Hubs to dial. Identity of a remote = its URLs + account + creds path (or nkey). Default [].
   * A change is reloaded where the servers can, else they are restarted one by one.
   * 2.14.0+: add and remove hot, also as the first remote; changing url, credentials path, nkey or account =
   * remove + add (link drops and comes back). 2.12.x: only `disabled`, tls and compression; older: refused.
   */
  readonly remotes?: readonly LeafnodeRemote[];
  /**
   * Advertised address.
   * A change restarts the servers one by one.
   */
  readonly advertise?: string;
  /**
   * Delay between dial attempts. Default 1s.
   * A change restarts the servers one by one.
   */
  readonly reconnect?: Duration;
  /**
   * Lowest accepted remote version, at least 2.8.0. Since nats-server 2.8.0.
   * A change restarts the servers one by one.
   */
  readonly minVersion?: string;
  /**
   * off, accept, on, s2_auto, s2_fast, s2_better, s2_best (s2_uncompressed internal). Default s2_auto. Since
   * nats-server 2.10.0.
   * A change is reloaded.
   * Routes/leafs that must renegotiate are closed and re-dialled.
   */
  readonly compression?:
    | boolean
    | "off"
    | "accept"
    | "on"
    | "s2_auto"
    | "s2_fast"
    | "s2_better"
    | "s2_best"
    | "s2_uncompressed"
    | Compression;
  /**
   * Do not gossip leaf URLs. Default false.
   * A change restarts the servers one by one.
   */
  readonly noAdvertise?: boolean;
  /**
   * TCP dial timeout. Default 1s. Since nats-server 2.14.5.
   * A change restarts the servers one by one.
   */
  readonly dialTimeout?: Duration;
  /**
   * default, close, retry. Default retry for leafs. Since nats-server 2.11.11.
   * A change restarts the servers one by one.
   */
  readonly writeTimeout?: "default" | "close" | "retry";
  /**
   * Leaf authentication on the listener. Default absent.
   * A change restarts the servers one by one.
   */
  readonly authorization?: LeafnodeAuthorization;
  /**
   * Write deadline. Default write_deadline. Since nats-server 2.11.11.
   * A change restarts the servers one by one.
   */
  readonly writeDeadline?: Duration;
  /**
   * No interest between leafs of this hub. Default false. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   */
  readonly isolateLeafnodeInterest?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** A hub: `leafnodes { remotes: [{ }] }`. */
export interface LeafnodeRemote {
  /**
   * Hub URL (nats-leaf, tls, ws, wss).
   * A change is reloaded.
   * Identity: change = remove + add.
   * Holds a secret: give it as a secret output.
   */
  readonly url?: string;
  /**
   * This side acts as hub. Default false.
   * A change restarts the servers one by one.
   */
  readonly hub?: boolean;
  /**
   * TLS for dialling. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Adding/removing the block on an existing remote is refused (TLSTimeout 0 -> 2); content is hot. Work around:
   * in one edit also change the identity of the remote (for example its URL).
   */
  readonly tls?: LeafnodeRemoteTls;
  /**
   * Hub URLs.
   * A change is reloaded.
   * Identity.
   * Holds a secret: give it as a secret output.
   */
  readonly urls?: readonly string[];
  /**
   * nkey seed; excludes credentials. Since nats-server 2.10.8.
   * A change is reloaded.
   * Identity.
   * Holds a secret: give it as a secret output.
   */
  readonly nkey?: string;
  /**
   * HTTP CONNECT proxy. Since nats-server 2.12.1.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Only proxy.tls is hot.
   */
  readonly proxy?: LeafnodeProxy;
  /**
   * Local account; in operator mode a required public key. Default $G.
   * A change is reloaded.
   * Identity.
   */
  readonly account?: string;
  /**
   * Do not dial; closes the link. Default false. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly disabled?: boolean;
  /**
   * Creds file; ~ and $VARS are expanded by the server.
   * A change is reloaded.
   * Identity is the path, not the content: a rotated file is read at the next connect.
   */
  readonly credentials?: string;
  /**
   * off, accept, on, s2_auto, s2_fast, s2_better, s2_best (s2_uncompressed internal). Default s2_auto. Since
   * nats-server 2.10.0.
   * A change is reloaded.
   * Routes/leafs that must renegotiate are closed and re-dialled.
   */
  readonly compression?:
    | boolean
    | "off"
    | "accept"
    | "on"
    | "s2_auto"
    | "s2_fast"
    | "s2_better"
    | "s2_best"
    | "s2_uncompressed"
    | Compression;
  /**
   * Not accepted from the hub.
   * A change restarts the servers one by one.
   */
  readonly denyImports?: string | readonly string[];
  /**
   * Not sent to the hub.
   * A change restarts the servers one by one.
   */
  readonly denyExports?: string | readonly string[];
  /**
   * Dial in order. Default false. Since nats-server 2.2.3.
   * A change restarts the servers one by one.
   */
  readonly noRandomize?: boolean;
  /**
   * TCP dial timeout. Default leafnodes.dial_timeout. Since nats-server 2.14.5.
   * A change restarts the servers one by one.
   */
  readonly dialTimeout?: Duration;
  /**
   * No WebSocket masking. Default false.
   * A change restarts the servers one by one.
   */
  readonly wsNoMasking?: boolean;
  /**
   * WebSocket compression. Default false.
   * A change restarts the servers one by one.
   */
  readonly wsCompression?: boolean;
  /**
   * Ask the hub for isolation. Default false. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   */
  readonly requestIsolation?: boolean;
  /**
   * Wait for INFO. Default 1s. Since nats-server 2.10.26.
   * A change restarts the servers one by one.
   */
  readonly firstInfoTimeout?: Duration;
  /**
   * Use only listed URLs. Default false. Since nats-server 2.14.0.
   * A change restarts the servers one by one.
   */
  readonly ignoreDiscoveredServers?: boolean;
  /**
   * Hide local east-west interest. Default false. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   */
  readonly isolateLeafnodeInterest?: boolean;
  /**
   * Move leaders away while the link is down; map key leader_migrate_delay (duration). Default false. Since
   * nats-server 2.9.0.
   * A change restarts the servers one by one.
   */
  readonly jetstreamClusterMigrate?: boolean | ClusterMigrate;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** HTTP proxy on the way to a hub. */
export interface LeafnodeProxy {
  /**
   * URL of the HTTP or HTTPS proxy. Since nats-server 2.12.1.
   * A change restarts the servers one by one.
   */
  readonly url?: string;
  /**
   * TLS to an https proxy. Default absent. Since nats-server 2.14.8.
   * A change is reloaded.
   * Always applied on reload.
   */
  readonly tls?: LeafnodeProxyTls;
  /**
   * Longest wait for the proxy. Since nats-server 2.12.1.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * User at the proxy; with password. Since nats-server 2.12.1.
   * A change restarts the servers one by one.
   */
  readonly username?: string;
  /**
   * Password at the proxy; with username. Since nats-server 2.12.1.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** How leaders move away from a lost link. */
export interface ClusterMigrate {
  /**
   * Time that a lost link is waited for before leaders migrate. Default 0. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly leaderMigrateDelay?: Duration;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `leafnodes { authorization { } }`. */
export interface LeafnodeAuthorization {
  /**
   * Single user.
   * A change restarts the servers one by one.
   */
  readonly user?: string;
  /**
   * Single nkey. Since nats-server 2.10.8.
   * A change restarts the servers one by one.
   */
  readonly nkey?: string;
  /**
   * Users; order does not matter.
   * A change restarts the servers one by one.
   */
  readonly users?: readonly LeafnodeUser[];
  /**
   * Account of the single user.
   * A change restarts the servers one by one.
   */
  readonly account?: string;
  /**
   * Auth timeout. Default 2s, or tls.timeout+1.
   * A change restarts the servers one by one.
   * Set explicitly to keep adding tls{} hot.
   */
  readonly timeout?: Duration;
  /**
   * Password; printed in clear in the log when a reload is refused.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /**
   * Require trusted proxy. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   */
  readonly proxyRequired?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** A user of the leafnode listener. */
export interface LeafnodeUser {
  /**
   * Name of the leafnode user, unique in the list.
   * A change restarts the servers one by one.
   */
  readonly user?: string;
  /**
   * Account that the leafnode is bound to; default $G.
   * A change restarts the servers one by one.
   */
  readonly account?: string;
  /**
   * Password of the leafnode user, plain or bcrypt.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /**
   * Must come through a trusted proxy. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   * proxy_required alone is not compared, so that edit is silently accepted but the list is used for new
   * connections (source).
   */
  readonly proxyRequired?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
