import type { X509Certificate } from "node:crypto";
import { isError } from "../errors";
import { certificateProblems, nameOf, trustedIssuer } from "./certificate";
import { readCertificates } from "./certificatePem";

/** What a certificate that a server has shown must be, but for its end. */
export interface WantedOfExpired {
  /** PEM of the authorities of which one must have signed it. */
  readonly ca: string;
  /** DNS name or IP address of the server. */
  readonly host: string;
}

/** Whether the first certificate of a PEM text is past its end. */
export function hasEnded(pem: string, now = new Date()): boolean {
  const read = readCertificates(pem, "cert");
  return !read.problem && Date.parse(read.value[0].validTo) <= now.getTime();
}

/** Why a certificate that has expired would not do either while it was valid; undefined where its end is all that is wrong with it. */
export function moreThanExpired(
  chain: readonly [X509Certificate, ...X509Certificate[]],
  { ca, host }: WantedOfExpired,
): string | undefined {
  const [leaf] = chain;
  const authorities = readCertificates(ca, "ca");
  if (authorities.problem) return authorities.problem.reason;
  if (trustedIssuer(chain, authorities.value)?.ca !== true)
    return `certificate ${nameOf(leaf)} is not signed by the CA given`;
  const found = certificateProblems({
    cert: leaf.toString(),
    hosts: [host],
    usages: ["server"],
    now: new Date(Date.parse(leaf.validTo) - 1),
  });
  return found.find(isError)?.reason;
}
