// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { ClusterTls } from "./tlsConfig";
import type { SubjectPermission } from "./userConfig";
import type { Verbatim } from "./verbatim";

/** `cluster { }`: routes between the servers of a cluster. */
export interface ClusterBlock {
  /**
   * Route TLS; mutual verification is always on, ca_file also used as client root. Default absent.
   * A change is reloaded on all servers in an order that keeps the routes.
   * Existing routes are not touched. While nodes differ, any route that breaks cannot come back.
   */
  readonly tls?: ClusterTls;
  /**
   * Cluster name; must equal gateway.name; required with JetStream. Default random (dynamic).
   * A change restarts all servers at once: an outage, refused unless allowed.
   * Accepted hot but not safe: routes live on until the next reconnect, then peers with the old name reject the
   * node ("cluster name conflict"). Treat as full-cluster change; with JetStream placement/asset cluster names
   * also bind to it.
   */
  readonly name?: string;
  /**
   * Route bind address. Default 0.0.0.0.
   * A change restarts the servers one by one.
   */
  readonly host?: string;
  /**
   * Route port. Default 0.
   * A change restarts the servers one by one.
   */
  readonly port?: number;
  /**
   * Route listener.
   * A change restarts the servers one by one.
   */
  readonly listen?: number | `${string}:${number}`;
  /**
   * Peers to dial. Default [].
   * A change is reloaded.
   * Added ones are dialled, removed (also changed credentials) ones closed and re-dialled; order does not matter.
   * Holds a secret: give it as a secret output.
   */
  readonly routes?: readonly string[];
  /**
   * Accounts with a dedicated route. Default [system account]. Since nats-server 2.10.0.
   * A change is reloaded.
   * Added account must already exist on the running server, else refused.
   */
  readonly accounts?: readonly string[];
  /**
   * Route pings out. Default ping_max. Since nats-server 2.10.10.
   * A change is reloaded.
   */
  readonly pingMax?: number;
  /**
   * Route connections per peer; -1 disables pooling. Default 3. Since nats-server 2.10.0.
   * A change is reloaded.
   * All pooled routes are closed and re-dialled; mixed sizes work since 2.11.
   */
  readonly poolSize?: number;
  /**
   * import/export subject filters for routes. Default all.
   * A change is reloaded.
   */
  readonly permissions?: RoutePermissions;
  /**
   * off, accept, on, s2_auto, s2_fast, s2_better, s2_best (s2_uncompressed internal). Default accept. Since
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
   * Do not gossip client URLs. Default false.
   * A change is reloaded.
   */
  readonly noAdvertise?: boolean;
  /**
   * Route authentication: one user/password, no tokens, no users list. Default absent.
   * A change is reloaded on all servers in an order that keeps the routes.
   * Accepted routes without matching credentials are dropped at once; see reload.md for the safe order.
   */
  readonly authorization?: RouteAuthorization;
  /**
   * Route ping. Default ping_interval, max 30s. Since nats-server 2.10.10.
   * A change is reloaded.
   * New routes.
   */
  readonly pingInterval?: Duration;
  /**
   * default, close, retry. Default retry for routes. Since nats-server 2.11.11.
   * A change is reloaded.
   */
  readonly writeTimeout?: "default" | "close" | "retry";
  /**
   * Route write deadline. Default write_deadline. Since nats-server 2.11.11.
   * A change is reloaded.
   */
  readonly writeDeadline?: Duration;
  /**
   * Retries for gossiped routes. Default 0.
   * A change is reloaded.
   */
  readonly connectRetries?: number;
  /**
   * Exponential backoff for route dialling. Default false. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly connectBackoff?: boolean;
  /**
   * Address told to peers.
   * A change is reloaded.
   */
  readonly clusterAdvertise?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `cluster { permissions { } }`. */
export interface RoutePermissions {
  /**
   * Interest sent to peers.
   * A change is reloaded.
   */
  readonly import?: string | readonly string[] | SubjectPermission;
  /**
   * Interest accepted from peers.
   * A change is reloaded.
   */
  readonly export?: string | readonly string[] | SubjectPermission;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `compression { }` of routes or leafnodes. */
export interface Compression {
  /**
   * Compression mode: off, accept, on, s2_auto, s2_fast, s2_better, s2_best, s2_uncompressed. Default accept.
   * Since nats-server 2.10.0.
   * A change is reloaded.
   */
  readonly mode?: "off" | "accept" | "on" | "s2_auto" | "s2_fast" | "s2_better" | "s2_best" | "s2_uncompressed";
  /**
   * s2_auto levels. Default 10ms,50ms,100ms. Since nats-server 2.10.0.
   * A change is reloaded.
   */
  readonly rttThresholds?: readonly Duration[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** One user for routes or gateways. */
export interface RouteAuthorization {
  /**
   * Route user.
   * A change is reloaded on all servers in an order that keeps the routes.
   */
  readonly user?: string;
  /**
   * Route auth timeout. Default 2s, or tls.timeout+1.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
  /**
   * Route password.
   * A change is reloaded on all servers in an order that keeps the routes.
   * One value only: no overlap when rotating; the node is cut off until peers follow.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
