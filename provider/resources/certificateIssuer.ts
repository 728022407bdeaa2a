import type * as pulumi from "@pulumi/pulumi";

/** Who signs a {@link Certificate}: a {@link CertificateAuthority}, or PEM texts of one that you bring. */
export interface CertificateIssuer {
  /** PEM of the authority's certificate, with the certificates above it after it where it is an intermediate one. */
  readonly cert: pulumi.Input<string>;
  /** PEM of its private key (PKCS#8, PKCS#1 or SEC1, without a passphrase); kept as a secret. */
  readonly key: pulumi.Input<string>;
}
