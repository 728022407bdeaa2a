// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { RouteAuthorization } from "./clusterConfig";
import type { GatewayTls, RemoteGatewayTls } from "./tlsConfig";
import type { Verbatim } from "./verbatim";

/** `gateway { }`: links between clusters. */
export interface GatewayBlock {
  /**
   * Gateway TLS. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Content hot; adding/removing the block is refused unless gateway.authorization.timeout is explicit (the
   * default auth timeout changes with TLS).
   */
  readonly tls?: GatewayTls;
  /**
   * Must equal cluster.name.
   * A change restarts all servers at once: an outage, refused unless allowed.
   */
  readonly name?: string;
  /**
   * Bind address. Default 0.0.0.0.
   * A change restarts the servers one by one.
   */
  readonly host?: string;
  /**
   * Port; required. Default 0.
   * A change restarts the servers one by one.
   */
  readonly port?: number;
  /**
   * Listener.
   * A change restarts the servers one by one.
   */
  readonly listen?: number | `${string}:${number}`;
  /**
   * Remote clusters. Unlisted ones are learned by gossip. Default [].
   * A change restarts the servers one by one.
   * Adding a remote is refused; reordering is fine. Usually not needed on existing clusters: listing on the new
   * side is enough.
   */
  readonly gateways?: readonly RemoteGateway[];
  /**
   * Advertised address.
   * A change restarts the servers one by one.
   */
  readonly advertise?: string;
  /**
   * default, close, retry. Default retry for gateways. Since nats-server 2.11.11.
   * A change restarts the servers one by one.
   */
  readonly writeTimeout?: "default" | "close" | "retry";
  /**
   * One user/password for inbound gateways. Default absent.
   * A change restarts the servers one by one.
   */
  readonly authorization?: RouteAuthorization;
  /**
   * Write deadline. Default write_deadline. Since nats-server 2.11.11.
   * A change restarts the servers one by one.
   */
  readonly writeDeadline?: Duration;
  /**
   * Retries for gossiped gateways. Default 0.
   * A change restarts the servers one by one.
   */
  readonly connectRetries?: number;
  /**
   * Backoff for dialling. Default false. Since nats-server 2.12.0.
   * A change restarts the servers one by one.
   */
  readonly connectBackoff?: boolean;
  /**
   * Reject clusters that are not in gateways[]. Default false.
   * A change restarts the servers one by one.
   */
  readonly rejectUnknownCluster?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** Another cluster: `gateway { gateways: [{ }] }`. */
export interface RemoteGateway {
  /**
   * URL of one gateway of the remote cluster.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly url?: string;
  /**
   * TLS for dialling that remote. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Material hot.
   */
  readonly tls?: RemoteGatewayTls;
  /**
   * Remote cluster name.
   * A change restarts the servers one by one.
   */
  readonly name?: string;
  /**
   * URLs of gateways of the remote cluster.
   * A change restarts the servers one by one.
   * Holds a secret: give it as a secret output.
   */
  readonly urls?: readonly string[];
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
