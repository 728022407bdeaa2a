// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration, Size } from "../units";

/** Limits and times of client connections. */
export interface LimitSettings {
  /**
   * Client connection cap. Default 65536.
   * A change is reloaded.
   * 0 in the file means "none allowed" (-1), omit for default. Lowering closes random excess clients at once.
   */
  readonly maxConnections?: number;
  /**
   * Per-connection subscription cap. Default 0 (unlimited).
   * A change restarts the servers one by one.
   */
  readonly maxSubscriptions?: number;
  /**
   * Max tokens in a subject, 1..255. Default 0 (unlimited). Since nats-server 2.6.4.
   * A change restarts the servers one by one.
   */
  readonly maxSubscriptionTokens?: number;
  /**
   * Max protocol line. Default 4096.
   * A change is reloaded.
   * Applied to live clients.
   */
  readonly maxControlLine?: Size;
  /**
   * Max message size. Warned above 8MB; must be <= max_pending. Default 1MB (1048576).
   * A change is reloaded.
   * Applied to live clients; oversize publishers get disconnected.
   */
  readonly maxPayload?: Size;
  /**
   * Outbound buffer per connection. Default 64MB.
   * A change restarts the servers one by one.
   */
  readonly maxPending?: Size;
  /**
   * Trace truncation. Default 0.
   * A change is reloaded.
   */
  readonly maxTracedMsgLen?: number;
  /**
   * Closed connections remembered for connz. Default 10000. Since nats-server 2.10.26.
   * A change restarts the servers one by one.
   */
  readonly maxClosedClients?: number;
  /**
   * Server ping interval. Default 2m.
   * A change is reloaded.
   * Used by new timers/connections.
   */
  readonly pingInterval?: Duration;
  /**
   * Unanswered pings before disconnect. Default 2.
   * A change is reloaded.
   */
  readonly pingMax?: number;
  /**
   * Socket write deadline. Default 10s.
   * A change is reloaded.
   */
  readonly writeDeadline?: Duration;
  /**
   * What happens on a write deadline: default, close or retry. Default default. Since nats-server 2.11.11.
   * A change restarts the servers one by one.
   */
  readonly writeTimeout?: "default" | "close" | "retry";
  /**
   * Time over which clients are evicted in lame duck. Minimum 30s, string only. Default 2m.
   * A change restarts the servers one by one.
   */
  readonly lameDuckDuration?: Duration;
  /**
   * Wait before eviction starts; must be < lame_duck_duration. Default 10s.
   * A change restarts the servers one by one.
   */
  readonly lameDuckGracePeriod?: Duration;
  /**
   * Do not stall fast publishers. Default false. Since nats-server 2.10.26.
   * A change is reloaded.
   */
  readonly noFastProducerStall?: boolean;
  /**
   * Turn off the subject cache. Default false.
   * A change restarts the servers one by one.
   */
  readonly disableSublistCache?: boolean;
  /**
   * Turn off message headers. Default false.
   * A change restarts the servers one by one.
   */
  readonly noHeaderSupport?: boolean;
  /**
   * Expect PROXY protocol on the client listener. Default false. Since nats-server 2.12.2.
   * A change restarts the servers one by one.
   */
  readonly proxyProtocol?: boolean;
}
