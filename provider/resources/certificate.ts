import * as pulumi from "@pulumi/pulumi";
import type { CertificateUsage } from "../model/certificate";
import type { KeyAlgorithm } from "../model/certificateSubject";
import type { CertificateIssuer } from "./certificateIssuer";
import { NatsResource } from "./natsResource";

export type { CertificateIssuer, CertificateUsage, KeyAlgorithm };

/** Arguments of {@link Certificate}. A change of them issues the certificate again, in place; its key stays where not said otherwise. */
export interface CertificateArgs {
  /**
   * Who signs: a {@link CertificateAuthority}, or PEM texts of one. With another authority it is issued again; an authority that
   * was only renewed keeps its key, and then the certificate stays.
   */
  readonly issuer: CertificateIssuer;
  /** Common name (CN), at most 64 letters; servers with `verifyAndMap` read the user from it. Default the resource's name. */
  readonly commonName?: pulumi.Input<string>;
  /** Organization (O), at most 64 letters. Default none. */
  readonly organization?: pulumi.Input<string>;
  /** Organizational unit (OU), at most 64 letters. Default none. */
  readonly organizationalUnit?: pulumi.Input<string>;
  /** DNS names that it stands for; a star may be the first label: "*.nats.svc". Order does not matter. Default none. */
  readonly dnsNames?: pulumi.Input<pulumi.Input<string>[]>;
  /** IP addresses that it stands for, IPv4 or IPv6. Order does not matter. Default none. */
  readonly ipAddresses?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * What it is for: "server" accepts connections, "client" makes them. Default both, which routes, gateways and leaf nodes need.
   */
  readonly usages?: pulumi.Input<pulumi.Input<CertificateUsage>[]>;
  /** Kind of key: "ecdsa-p256" (default), "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072" or "rsa-4096". A change makes a new key. */
  readonly algorithm?: pulumi.Input<KeyAlgorithm>;
  /** How long it is valid, a duration; never longer than its issuer. Default "2160h" (90 days). */
  readonly validity?: pulumi.Input<string>;
  /**
   * How long before its end `pulumi up` renews it, a duration shorter than `validity`; the preview says so.
   * Default a third of the validity, at most "720h" (30 days). A change alone does not issue it again.
   */
  readonly renewBefore?: pulumi.Input<string>;
  /** Any text; a change of it makes a new key. Default none. */
  readonly keeper?: pulumi.Input<string>;
}

/**
 * A certificate with its private key, signed by an authority of this program or one that you bring. It is renewed by the first
 * `pulumi up` within `renewBefore` of its end, and keeps its key.
 *
 * @example
 * ```ts
 * const ca = new nats.CertificateAuthority("ca");
 * const app = new nats.Certificate("app", { issuer: ca, usages: ["client"], validity: "90d" });
 * export const appKey = app.key;
 * ```
 */
export class Certificate extends NatsResource {
  /** PEM of the certificate. */
  declare readonly cert: pulumi.Output<string>;
  /** PEM (PKCS#8) of its private key; a secret. */
  declare readonly key: pulumi.Output<string>;
  /** PEM of the issuer, for peers to trust. */
  declare readonly ca: pulumi.Output<string>;
  /** PEM of the certificate with the issuer's intermediate certificates after it, for a server's `certFile`. */
  declare readonly chain: pulumi.Output<string>;
  /** When it ends, as "2026-02-19T08:00:00Z". */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 fingerprint of the certificate, as "AB:CD:…". */
  declare readonly fingerprint: pulumi.Output<string>;
  /** SHA-256 of the public key in hex, for `pinnedCerts`; stays the same as long as the key does. */
  declare readonly pin: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, options?: pulumi.CustomResourceOptions) {
    // A program without types may leave it out: check says so, with the fix.
    const given = args?.issuer as CertificateIssuer | undefined;
    const issuer =
      typeof given !== "object" || (given as unknown) === null
        ? given
        : { cert: given.cert, key: pulumi.secret(given.key) };
    const outputs = ["cert", "key", "ca", "chain", "notAfter", "fingerprint", "pin"];
    super("Certificate", name, { commonName: name, ...args, issuer }, outputs, options, ["key"]);
  }
}
