// Generated from provider/model/facts by `npm run generate`; change the facts instead.
import type { Duration } from "../units";
import type { Verbatim } from "./verbatim";

/** A certificate and its key: `tls { certs: [{ }] }`. */
export interface CertificatePair {
  /**
   * Key.
   * A change is reloaded.
   */
  readonly keyFile?: string;
  /**
   * Certificate.
   * A change is reloaded.
   */
  readonly certFile?: string;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** Check of peers' certificates by OCSP: `tls { ocsp_peer { } }`. */
export interface OcspPeer {
  /**
   * Check peers' certificates by OCSP. Default false.
   * A change is reloaded.
   */
  readonly verify?: boolean;
  /**
   * Log a revoked certificate instead of refusing it. Default false.
   * A change is reloaded.
   */
  readonly warnOnly?: boolean;
  /**
   * Longest wait for an OCSP responder. Default 2s.
   * A change is reloaded.
   */
  readonly caTimeout?: Duration;
  /**
   * Take a certificate that the responder does not know. Default false.
   * A change is reloaded.
   */
  readonly unknownIsGood?: boolean;
  /**
   * Clock difference that is let pass in OCSP responses. Default 30s.
   * A change is reloaded.
   */
  readonly allowedClockskew?: Duration;
  /**
   * Take a certificate when no responder answers. Default false.
   * A change is reloaded.
   */
  readonly allowWhenCaUnreachable?: boolean;
  /**
   * How long a response without its own end is kept. Default 1h.
   * A change is reloaded.
   */
  readonly cacheTtlWhenNextUpdateUnset?: Duration;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}

/** What every `tls { }` block takes. */
export interface TlsSettings {
  /**
   * Several cert/key pairs; not with cert_file. Since nats-server 2.10.8.
   * A change is reloaded.
   * Changed file CONTENT at an unchanged path is picked up by the next reload (never without one) and does not
   * change config_digest.
   */
  readonly certs?: readonly CertificatePair[];
  /**
   * CA bundle. Default system roots when dialling.
   * A change is reloaded.
   * New connections only; live ones keep the old session. Changed file CONTENT at an unchanged path is picked up
   * by the next reload (never without one) and does not change config_digest.
   */
  readonly caFile?: string;
  /**
   * Private key file.
   * A change is reloaded.
   * New connections only; live ones keep the old session. Changed file CONTENT at an unchanged path is picked up
   * by the next reload (never without one) and does not change config_digest.
   */
  readonly keyFile?: string;
  /**
   * Skip verification when dialling. Default false.
   * A change is reloaded.
   */
  readonly insecure?: boolean;
  /**
   * Certificate (chain) file.
   * A change is reloaded.
   * New connections only; live ones keep the old session. Changed file CONTENT at an unchanged path is picked up
   * by the next reload (never without one) and does not change config_digest.
   */
  readonly certFile?: string;
  /**
   * Windows only: certificate store to take the certificate from. Since nats-server 2.9.20.
   * A change is reloaded.
   */
  readonly certStore?: "windowscurrentuser" | "windowslocalmachine";
  /**
   * Windows only: the certificate to take. Since nats-server 2.9.20.
   * A change is reloaded.
   */
  readonly certMatch?: string;
  /**
   * 1.2 or 1.3 (quoted). Default 1.2. Since nats-server 2.10.21.
   * A change is reloaded.
   */
  readonly minVersion?: "1.2" | "1.3";
  /**
   * TLS1.2 suites. Default Go defaults.
   * A change is reloaded.
   */
  readonly cipherSuites?: readonly (
    | "TLS_AES_128_GCM_SHA256"
    | "TLS_AES_256_GCM_SHA384"
    | "TLS_CHACHA20_POLY1305_SHA256"
    | "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    | "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
    | "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    | "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
    | "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    | "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    | "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    | "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    | "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    | "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    | "TLS_RSA_WITH_RC4_128_SHA"
    | "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
    | "TLS_RSA_WITH_AES_128_CBC_SHA"
    | "TLS_RSA_WITH_AES_256_CBC_SHA"
    | "TLS_RSA_WITH_AES_128_CBC_SHA256"
    | "TLS_RSA_WITH_AES_128_GCM_SHA256"
    | "TLS_RSA_WITH_AES_256_GCM_SHA384"
    | "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"
    | "TLS_ECDHE_RSA_WITH_RC4_128_SHA"
    | "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"
    | "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"
    | "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"
  )[];
  /**
   * Windows only: what cert_match names: issuer, subject or thumbprint. Since nats-server 2.9.20.
   * A change is reloaded.
   */
  readonly certMatchBy?: "subject" | "issuer" | "thumbprint";
  /**
   * Windows only: CA certificates to trust. Since nats-server 2.10.23.
   * A change is reloaded.
   */
  readonly caCertsMatch?: string | readonly string[];
  /**
   * Curves. Default Go defaults.
   * A change is reloaded.
   */
  readonly curvePreferences?: readonly (
    "X25519MLKEM768" | "SecP256r1MLKEM768" | "SecP384r1MLKEM1024" | "X25519" | "CurveP256" | "CurveP384" | "CurveP521"
  )[];
  /**
   * Windows only: pass over certificates that are not valid now. Default false. Since nats-server 2.10.23.
   * A change is reloaded.
   */
  readonly certMatchSkipInvalid?: boolean;
  /**
   * Allow weak suites. Default false. Since nats-server 2.12.0.
   * A change is reloaded.
   */
  readonly allowInsecureCipherSuites?: boolean;
  /** Keys of this block in nats.conf's own spelling, put in as they stand. */
  readonly verbatim?: Verbatim;
}
