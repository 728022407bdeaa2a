import { createHash } from "node:crypto";
import type { KeyObject, X509Certificate } from "node:crypto";
import type { Problem } from "../errors";
import { normaliseIpAddress } from "./certificateHosts";
import { readCertificates, readPrivateKey } from "./certificatePem";

/** What a certificate is for: "server" accepts connections, "client" makes them. Routes, gateways and leaf nodes do both. */
export type CertificateUsage = "server" | "client";

export const usageOids: Readonly<Record<CertificateUsage, string>> = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
};

/** A certificate that a user brings, and what it has to do. */
export interface CertificateToCheck {
  /** PEM of the certificate, with intermediates after it. */
  readonly cert: string;
  /** PEM of its private key. */
  readonly key?: string;
  /** PEM of the authorities that its peers trust. */
  readonly ca?: string;
  /** DNS names and IP addresses that it has to stand for. */
  readonly hosts?: readonly string[];
  readonly usages?: readonly CertificateUsage[];
  readonly now: Date;
  /** In front of `cert`, `key` and `ca` in the paths of problems: "tls.". */
  readonly prefix?: string;
}

const day = 86_400_000;
const soon = 30 * day;

/** All that keeps a certificate from serving, and a warning where it ends within 30 days. */
export function certificateProblems(check: CertificateToCheck): Problem[] {
  const prefix = check.prefix ?? "";
  const chain = readCertificates(check.cert, `${prefix}cert`);
  const key = check.key === undefined ? undefined : readPrivateKey(check.key, `${prefix}key`);
  const authorities = check.ca === undefined ? undefined : readCertificates(check.ca, `${prefix}ca`);
  const problems = [chain, key, authorities].flatMap((read) => (read?.problem ? [read.problem] : []));
  if (!chain.problem) {
    const [leaf] = chain.value;
    problems.push(...validityProblems(leaf, `${prefix}cert`, check.now));
    problems.push(...hostProblems(leaf, check.hosts ?? [], `${prefix}cert`));
    problems.push(...usageProblems(leaf, check.usages ?? [], `${prefix}cert`));
    if (key && !key.problem) problems.push(...keyProblems(leaf, key.value, `${prefix}key`));
    if (authorities && !authorities.problem) {
      problems.push(...chainProblems(chain.value, authorities.value, prefix, check.now));
    }
  }
  return problems;
}

/** "CN=nats, O=acme" as one line. */
export function nameOf(certificate: X509Certificate): string {
  return certificate.subject === "" ? "without a name" : `"${certificate.subject.replaceAll("\n", ", ")}"`;
}

export function isoTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

export function validityProblems(certificate: X509Certificate, path: string, now: Date): Problem[] {
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  const name = nameOf(certificate);
  if (now < from) {
    return [
      {
        path,
        reason: `certificate ${name} is not valid before ${isoTime(from)}`,
        fix: "the clock of this machine, or another certificate",
      },
    ];
  }
  if (now >= to) return [{ path, reason: `certificate ${name} expired ${isoTime(to)}`, fix: "a renewed certificate" }];
  if (to.getTime() - now.getTime() >= soon) return [];
  const days = Math.floor((to.getTime() - now.getTime()) / day);
  const left = days === 0 ? "today" : days === 1 ? "in 1 day" : `in ${days} days`;
  return [
    {
      path,
      reason: `certificate ${name} expires ${left}, ${isoTime(to)}`,
      fix: "a renewed certificate",
      severity: "warning",
    },
  ];
}

export function keyProblems(certificate: X509Certificate, key: KeyObject, path: string): Problem[] {
  if (certificate.checkPrivateKey(key)) return [];
  const fix =
    "the key that the certificate was made with: openssl pkey -in key.pem -pubout and openssl x509 -in cert.pem -pubkey -noout print the same";
  return [{ path, reason: `the private key does not belong to certificate ${nameOf(certificate)}`, fix }];
}

function hostProblems(certificate: X509Certificate, hosts: readonly string[], path: string): Problem[] {
  const missing = hosts.filter((host) => {
    const address = normaliseIpAddress(host);
    // The common name counts for no NATS client.
    return address ? !certificate.checkIP(address) : !certificate.checkHost(host, { subject: "never" });
  });
  if (missing.length === 0) return [];
  const has = certificate.subjectAltName ?? "none";
  const wanted = missing.map((host) => `${normaliseIpAddress(host) ? "IP" : "DNS"}:${host}`).join(", ");
  return missing.map((host) => ({
    path,
    reason: `certificate ${nameOf(certificate)} is not for ${host}; its subjectAltName is ${has}`,
    fix: `a certificate with subjectAltName = ${wanted} as well`,
  }));
}

function usageProblems(certificate: X509Certificate, usages: readonly CertificateUsage[], path: string): Problem[] {
  // Without the extension a certificate is good for everything.
  const allowed = certificate.keyUsage as readonly string[] | undefined;
  if (!allowed || allowed.includes("2.5.29.37.0")) return [];
  const why = { server: "a server must show it", client: "servers call each other with it, routes do" };
  return usages
    .filter((usage) => !allowed.includes(usageOids[usage]))
    .map((usage) => ({
      path,
      reason: `certificate ${nameOf(certificate)} lacks the extended key usage ${usage}Auth, and ${why[usage]}`,
      fix: "a certificate with extendedKeyUsage = serverAuth, clientAuth",
    }));
}

function chainProblems(
  chain: readonly [X509Certificate, ...X509Certificate[]],
  authorities: readonly X509Certificate[],
  prefix: string,
  now: Date,
): Problem[] {
  const issuer = trustedIssuer(chain, authorities);
  const [leaf] = chain;
  if (!issuer) {
    const names = authorities.map(nameOf).join(", ");
    const reason = `certificate ${nameOf(leaf)}, issued by "${leaf.issuer.replaceAll("\n", ", ")}", is not signed by the CA given: ${names}`;
    return [
      {
        path: `${prefix}ca`,
        reason,
        fix: "the PEM of its issuer here, or the intermediates after the certificate in `cert`",
      },
    ];
  }
  if (issuer !== leaf && !issuer.ca) {
    return [
      {
        path: `${prefix}ca`,
        reason: `${nameOf(issuer)} is no certificate authority`,
        fix: "a certificate with basicConstraints = CA:TRUE",
      },
    ];
  }
  return issuer === leaf ? [] : validityProblems(issuer, `${prefix}ca`, now);
}

/** The authority that the chain ends at, going up from its first certificate through the others. */
export function trustedIssuer(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): X509Certificate | undefined {
  let current = chain[0]!;
  for (let depth = 0; depth <= chain.length; depth++) {
    const trusted = authorities.find(
      (authority) => authority.fingerprint256 === current.fingerprint256 || signed(authority, current),
    );
    if (trusted) return trusted;
    const next = chain.find((candidate) => candidate !== current && signed(candidate, current));
    if (!next) return undefined;
    current = next;
  }
  return undefined;
}

export function signed(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** SHA-256 of the public key in hex, as nats.conf's pinned_certs wants it; the same for every certificate of one key. */
export function publicKeyHash(certificate: X509Certificate): string {
  return createHash("sha256")
    .update(certificate.publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}
