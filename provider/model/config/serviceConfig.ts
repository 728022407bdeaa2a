// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { ClusterBlock } from "./clusterConfig";
import type { GatewayBlock } from "./gatewayConfig";
import type { JetStreamBlock } from "./jetStreamConfig";
import type { LeafnodesBlock } from "./leafnodesConfig";
import type { MqttBlock } from "./mqttConfig";
import type { WebsocketBlock } from "./websocketConfig";

/** JetStream, and listeners other than that of clients. */
export interface ServiceSettings {
  /**
   * JetStream. A map enables it unless enabled:false. Default disabled.
   * A change is reloaded; turning it off or on interrupts JetStream.
   * Enable and disable are hot. Disable drops memory streams; healthz then answers 200. In a cluster a disabled
   * peer still counts for the meta group quorum.
   */
  readonly jetstream?: boolean | "enabled" | "disabled" | JetStreamBlock;
  /**
   * JetStream directory (data under <dir>/jetstream). Error if also set in jetstream{}. Default $TMPDIR/nats.
   * Since nats-server 2.3.0.
   * A change gives the server an empty store: new data identity.
   */
  readonly storeDir?: string;
  /**
   * Per-account default JetStream domain on a leaf. Default {}. Since nats-server 2.7.0.
   * A change restarts the servers one by one.
   */
  readonly defaultJsDomain?: { readonly [name: string]: string };
  /**
   * Route listener and peers. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Turning clustering on or off is refused (host/port).
   */
  readonly cluster?: ClusterBlock;
  /**
   * Gateway of this cluster. Default absent.
   * A change restarts the servers one by one.
   * Everything is refused except TLS material, pinned_certs and order of gateways[].
   */
  readonly gateway?: GatewayBlock;
  /**
   * Leaf listener and remotes. Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   * Listener settings are refused; remotes are mostly hot since 2.14.0.
   */
  readonly leafnodes?: LeafnodesBlock;
  /**
   * WebSocket listener. Default absent.
   * A change restarts the servers one by one.
   * All refused except TLS material and order of allowed_origins.
   */
  readonly websocket?: WebsocketBlock;
  /**
   * MQTT listener (needs JetStream reachable; server_name required when clustered). Default absent.
   * A change is reloaded where the servers can, else they are restarted one by one.
   */
  readonly mqtt?: MqttBlock;
}
