// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { OcspPeer, TlsSettings } from "./tlsSettings";

/** `tls { }`. */
export interface ClientTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * sha256 of the SPKI, 64 hex. Since nats-server 2.2.5.
   * A change is reloaded.
   * Non-matching live connections are dropped.
   */
  readonly pinnedCerts?: readonly string[];
  /**
   * verify, and map the certificate to a user. Default false.
   * A change restarts the servers one by one.
   */
  readonly verifyAndMap?: boolean;
  /**
   * TLS before INFO; auto = 50ms fallback. Default false. Since nats-server 2.10.0.
   * A change is reloaded.
   */
  readonly handshakeFirst?: boolean | "auto" | Duration;
  /**
   * Handshakes per second. Default 0. Since nats-server 2.7.0.
   * A change restarts the servers one by one.
   */
  readonly connectionRateLimit?: number;
}

/** `mqtt.tls { }`. */
export interface MqttTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * sha256 of the SPKI, 64 hex. Since nats-server 2.2.5.
   * A change restarts the servers one by one.
   */
  readonly pinnedCerts?: readonly string[];
  /**
   * verify, and map the certificate to a user. Default false.
   * A change restarts the servers one by one.
   */
  readonly verifyAndMap?: boolean;
}

/** `cluster.tls { }`. */
export interface ClusterTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * sha256 of the SPKI, 64 hex. Since nats-server 2.2.5.
   * A change is reloaded.
   * Non-matching live connections are dropped.
   */
  readonly pinnedCerts?: readonly string[];
  /**
   * verify, and map the certificate to a user. Default false.
   * A change is reloaded.
   */
  readonly verifyAndMap?: boolean;
  /**
   * Cluster/gateway only: SAN must match a configured URL. Default false.
   * A change is reloaded.
   */
  readonly verifyCertAndCheckKnownUrls?: boolean;
}

/** `gateway.tls { }`. */
export interface GatewayTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * sha256 of the SPKI, 64 hex. Since nats-server 2.2.5.
   * A change is reloaded.
   * Non-matching live connections are dropped.
   */
  readonly pinnedCerts?: readonly string[];
  /**
   * verify, and map the certificate to a user. Default false.
   * A change restarts the servers one by one.
   */
  readonly verifyAndMap?: boolean;
  /**
   * Cluster/gateway only: SAN must match a configured URL. Default false.
   * A change restarts the servers one by one.
   */
  readonly verifyCertAndCheckKnownUrls?: boolean;
}

/** `gateway.gateways[].tls { }`. */
export interface RemoteGatewayTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * Cluster/gateway only: SAN must match a configured URL. Default false.
   * A change is reloaded.
   */
  readonly verifyCertAndCheckKnownUrls?: boolean;
}

/** `leafnodes.tls { }`. */
export interface LeafnodesTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * sha256 of the SPKI, 64 hex. Since nats-server 2.2.5.
   * A change restarts the servers one by one.
   */
  readonly pinnedCerts?: readonly string[];
  /**
   * verify, and map the certificate to a user. Default false.
   * A change restarts the servers one by one.
   */
  readonly verifyAndMap?: boolean;
  /**
   * TLS before INFO; auto = 50ms fallback. Default false. Since nats-server 2.10.0.
   * A change is reloaded.
   */
  readonly handshakeFirst?: boolean | "auto" | Duration;
}

/** `leafnodes.remotes[].tls { }`. */
export interface LeafnodeRemoteTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change restarts the servers one by one.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * TLS before INFO; auto = 50ms fallback. Default false. Since nats-server 2.10.0.
   * A change is reloaded.
   */
  readonly handshakeFirst?: boolean | "auto" | Duration;
}

/** `leafnodes.remotes[].proxy.tls { }`. */
export interface LeafnodeProxyTls extends TlsSettings {
  /**
   * Handshake timeout. Default 2.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
}

/** `websocket.tls { }`. */
export interface WebsocketTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
  /**
   * sha256 of the SPKI, 64 hex. Since nats-server 2.2.5.
   * A change restarts the servers one by one.
   */
  readonly pinnedCerts?: readonly string[];
  /**
   * verify, and map the certificate to a user. Default false.
   * A change restarts the servers one by one.
   */
  readonly verifyAndMap?: boolean;
}

/** `resolver_tls { }`. */
export interface ResolverTls extends TlsSettings {
  /**
   * Require and verify client certificates. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Handshake timeout. Default 2.
   * A change is reloaded.
   */
  readonly timeout?: Duration;
  /**
   * Check peer certificates by OCSP. Since nats-server 2.9.21.
   * A change is reloaded.
   */
  readonly ocspPeer?: boolean | OcspPeer;
}
