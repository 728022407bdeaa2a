// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { MqttTls } from "./tlsConfig";
import type { Verbatim } from "./verbatim";
import type { ListenerAuthorization } from "./websocketConfig";

/** `mqtt { }`. */
export interface MqttBlock {
  /**
   * MQTT TLS. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Adding is accepted hot and serves TLS.
   */
  readonly tls?: MqttTls;
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
   * Redelivery of QoS1/2; new subscriptions only. Default 30s.
   * A change is reloaded.
   */
  readonly ackWait?: Duration;
  /**
   * JetStream domain. Since nats-server 2.7.0.
   * A change restarts the servers one by one.
   */
  readonly jsDomain?: string;
  /**
   * Anonymous user on this listener.
   * A change restarts the servers one by one.
   */
  readonly noAuthUser?: string;
  /**
   * Listener-wide credentials. Default absent.
   * A change restarts the servers one by one.
   */
  readonly authorization?: ListenerAuthorization;
  /**
   * JetStream API timeout. Default 5s. Since nats-server 2.11.3.
   * A change restarts the servers one by one.
   */
  readonly jsApiTimeout?: Duration;
  /**
   * 0..65535; new subscriptions only. Default 1024.
   * A change is reloaded.
   */
  readonly maxAckPending?: number;
  /**
   * Replicas of new MQTT streams; existing unchanged. Default auto, max 3. Since nats-server 2.8.3.
   * A change is reloaded.
   */
  readonly streamReplicas?: number;
  /**
   * Ignored, only a warning (makes -t fail). Since nats-server 2.8.3.
   * A change is reloaded.
   */
  readonly consumerReplicas?: number;
  /**
   * Drop QoS2 publishers. Default false. Since nats-server 2.10.4.
   * A change restarts the servers one by one.
   */
  readonly rejectQos2Publish?: boolean;
  /**
   * Memory consumers (new ones). Default false. Since nats-server 2.8.3.
   * A change is reloaded.
   */
  readonly consumerMemoryStorage?: boolean;
  /**
   * QoS2 subscriptions become QoS1. Default false. Since nats-server 2.10.4.
   * A change restarts the servers one by one.
   */
  readonly downgradeQos2Subscribe?: boolean;
  /**
   * Auto cleanup. Default 0. Since nats-server 2.9.0.
   * A change is reloaded.
   */
  readonly consumerInactiveThreshold?: Duration;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
