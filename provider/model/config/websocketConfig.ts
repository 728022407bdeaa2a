// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { WebsocketTls } from "./tlsConfig";
import type { Verbatim } from "./verbatim";

/** Credentials of one listener. */
export interface ListenerAuthorization {
  /**
   * Listener credential user.
   * A change restarts the servers one by one.
   */
  readonly user?: string;
  /**
   * Listener credential token.
   * A change restarts the servers one by one.
   * Printed in clear in the log when refused.
   * Holds a secret: give it as a secret output.
   */
  readonly token?: string;
  /**
   * Listener credential timeout.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * Listener credential password.
   * A change restarts the servers one by one.
   * Printed in clear in the log when refused.
   * Holds a secret: give it as a secret output.
   */
  readonly password?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** `websocket { }`. */
export interface WebsocketBlock {
  /**
   * WebSocket TLS. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * no_tls flips are refused.
   */
  readonly tls?: WebsocketTls;
  /**
   * Bind address. Default 0.0.0.0.
   * A change restarts the servers one by one.
   */
  readonly host?: string;
  /**
   * Port. Default 0.
   * A change restarts the servers one by one.
   */
  readonly port?: number;
  /**
   * Listener.
   * A change restarts the servers one by one.
   */
  readonly listen?: number | `${string}:${number}`;
  /**
   * Allow running without TLS. Default false.
   * A change restarts the servers one by one.
   */
  readonly noTls?: boolean;
  /**
   * Extra response headers. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly headers?: { readonly [name: string]: string };
  /**
   * Advertised address.
   * A change restarts the servers one by one.
   */
  readonly advertise?: string;
  /**
   * Cookie with a user JWT (operator mode).
   * A change restarts the servers one by one.
   */
  readonly jwtCookie?: string;
  /**
   * Origin must match host. Default false.
   * A change restarts the servers one by one.
   */
  readonly sameOrigin?: boolean;
  /**
   * permessage-deflate. Default false.
   * A change restarts the servers one by one.
   */
  readonly compression?: boolean;
  /**
   * Cookie that holds the user name. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly userCookie?: string;
  /**
   * Cookie that holds the password. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly passCookie?: string;
  /**
   * Anonymous user on this listener.
   * A change restarts the servers one by one.
   */
  readonly noAuthUser?: string;
  /**
   * Cookie that holds the token. Since nats-server 2.11.0.
   * A change restarts the servers one by one.
   */
  readonly tokenCookie?: string;
  /**
   * Ping interval. Default ping_interval. Since nats-server 2.11.12.
   * A change restarts the servers one by one.
   */
  readonly pingInterval?: Duration;
  /**
   * Listener-wide credentials. Default absent.
   * A change restarts the servers one by one.
   */
  readonly authorization?: ListenerAuthorization;
  /**
   * Accepted origins (absolute http/https URLs). Default any.
   * A change restarts the servers one by one.
   */
  readonly allowedOrigins?: string | readonly string[];
  /**
   * Upgrade timeout. Default 0 (none).
   * A change restarts the servers one by one.
   */
  readonly handshakeTimeout?: Duration;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
