import * as pulumi from "@pulumi/pulumi";
import { ProblemsError } from "../errors";
import { input, partOf, required, secretText, text } from "../model/argument";
import type { KeyAlgorithm } from "../model/certificateSubject";
import type { CertificateIssuer } from "./certificateIssuer";
import { NatsResource } from "./natsResource";

/** Arguments of {@link CertificateAuthority}. */
export interface CertificateAuthorityArgs {
  /** Common name (CN) in its certificate, at most 64 letters. Default the resource's name. A change makes a new authority (replace). */
  readonly commonName?: pulumi.Input<string>;
  /** Organization (O) in its certificate, at most 64 letters. Default none. A change makes a new authority (replace). */
  readonly organization?: pulumi.Input<string>;
  /** Organizational unit (OU) in its certificate, at most 64 letters. Default none. A change makes a new authority (replace). */
  readonly organizationalUnit?: pulumi.Input<string>;
  /**
   * Kind of key: "ecdsa-p256" (default), "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072" or "rsa-4096".
   * A change makes a new authority (replace), which clients must trust before servers show its certificates.
   */
  readonly algorithm?: pulumi.Input<KeyAlgorithm>;
  /** How long its certificate is valid, a duration up to 100 years. Default "87600h" (10 years). A change renews it with the same key. */
  readonly validity?: pulumi.Input<string>;
  /**
   * How long before its end `pulumi up` renews the certificate, a duration shorter than `validity`. It keeps its key, so what it
   * signed stays valid; the preview says so. Default a third of the validity, at most "8760h" (1 year).
   */
  readonly renewBefore?: pulumi.Input<string>;
  /** Any text; a change of it makes a new authority with a new key (replace). Default none. */
  readonly keeper?: pulumi.Input<string>;
}

/**
 * A certificate authority of your own. Its key is made once, kept encrypted in the stack's state, and signs the
 * {@link Certificate}s that name it as their issuer.
 *
 * @example
 * ```ts
 * const ca = new nats.CertificateAuthority("ca");
 * const cluster = new nats.Cluster("east", { target: nats.thisMachine({ servers: 3 }), tls: { issuer: ca } });
 * ```
 */
export class CertificateAuthority extends NatsResource {
  /** PEM of its certificate, for clients and servers to trust. */
  declare readonly cert: pulumi.Output<string>;
  /** PEM (PKCS#8) of its private key; a secret. */
  declare readonly key: pulumi.Output<string>;
  /** When the certificate ends, as "2036-11-18T08:00:00Z". */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 fingerprint of the certificate, as "AB:CD:…". */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs = {}, options?: pulumi.CustomResourceOptions) {
    const outputs = ["cert", "key", "notAfter", "fingerprint"];
    super("CertificateAuthority", name, { commonName: name, ...args }, outputs, options, ["key"]);
  }

  /**
   * An authority that you bring, as the issuer of certificates. It is checked when a certificate is: that the key belongs to the
   * certificate, that it may sign and has not expired.
   *
   * @example
   * ```ts
   * const ca = nats.CertificateAuthority.fromPem({ cert: readFileSync("ca.pem", "utf8"), key: config.requireSecret("caKey") });
   * const cert = new nats.Certificate("app", { issuer: ca, usages: ["client"] });
   * ```
   */
  static fromPem(pem: CertificateIssuer): {
    readonly cert: pulumi.Output<string>;
    readonly key: pulumi.Output<string>;
  } {
    const problems = shape(pem, "");
    if (problems.length > 0) throw new ProblemsError("nats.CertificateAuthority.fromPem", problems);
    return { cert: pulumi.output(pem.cert), key: pulumi.secret(pem.key) };
  }
}

const pemFix = (part: string) => `${part}: readFileSync("ca-${part}.pem", "utf8")`;
const shape = required(
  partOf<CertificateIssuer>({
    cert: required(input(text), pemFix("cert")),
    key: required(input(secretText), pemFix("key")),
  }),
  `{ ${pemFix("cert")}, ${pemFix("key")} }`,
);
