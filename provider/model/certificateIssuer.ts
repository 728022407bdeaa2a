import { X509Certificate } from "node:crypto";
import type { Problem } from "../errors";
import { keyProblems, nameOf, publicKeyHash, validityProblems } from "./certificate";
import { readCertificates, readPrivateKey } from "./certificatePem";

/** PEM texts of who signs. */
export interface Issuer {
  readonly cert: string;
  readonly key: string;
}

/** All that keeps an issuer from signing; members that are not known yet are left out. */
export function issuerProblems(issuer: Partial<Issuer>, now: Date): Problem[] {
  const chain = issuer.cert === undefined ? undefined : readCertificates(issuer.cert, "issuer.cert");
  const key = issuer.key === undefined ? undefined : readPrivateKey(issuer.key, "issuer.key");
  const problems = [chain, key].flatMap((read) => (read?.problem ? [read.problem] : []));
  if (chain && !chain.problem) {
    const [certificate] = chain.value;
    if (!certificate.ca) {
      const fix = "the certificate of an authority: basicConstraints = CA:TRUE";
      problems.push({
        path: "issuer.cert",
        reason: `certificate ${nameOf(certificate)} is no authority's: it may not sign`,
        fix,
      });
    }
    problems.push(...validityProblems(certificate, "issuer.cert", now));
    if (key && !key.problem) problems.push(...keyProblems(certificate, key.value, "issuer.key"));
  }
  return problems;
}

export function issuerEnd(issuer: Pick<Issuer, "cert">): Date {
  return new Date(new X509Certificate(issuer.cert).validTo);
}

/** True where what one has signed is valid under the other too: the same key and name, as after a renewal. */
export function isSameAuthority(one: Pick<Issuer, "cert">, other: Pick<Issuer, "cert">): boolean {
  const [a, b] = [new X509Certificate(one.cert), new X509Certificate(other.cert)];
  return a.subject === b.subject && publicKeyHash(a) === publicKeyHash(b);
}

/** What a server sends after its certificate: the issuer's certificates up to the one that signs itself, which peers have. */
export function intermediatesOf(issuer: Pick<Issuer, "cert">): string {
  const chain = readCertificates(issuer.cert, "issuer.cert");
  if (chain.problem) return "";
  return chain.value
    .filter((certificate) => certificate.subject !== certificate.issuer)
    .map((certificate) => certificate.toString())
    .join("");
}
