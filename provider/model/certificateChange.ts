import type { CertificateUsage } from "./certificate";
import { isSameAuthority, issuerEnd } from "./certificateIssuer";
import type { Issuer } from "./certificateIssuer";
import type { KeyAlgorithm } from "./certificateSubject";
import { isRenewalDue, sameDuration } from "./certificateTerm";

export interface CertificateInputs {
  readonly issuer: Issuer;
  readonly commonName: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly usages: readonly CertificateUsage[];
  readonly algorithm: KeyAlgorithm;
  readonly validity: string;
  readonly renewBefore: string;
  readonly keeper?: string;
}

export interface CertificateState extends CertificateInputs {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly chain: string;
  readonly notAfter: string;
  readonly fingerprint: string;
  readonly pin: string;
}

/** What a change of inputs, or time, does to a certificate. */
export interface CertificateChange {
  /** Inputs that differ, as paths. */
  readonly paths: readonly string[];
  readonly newKey: boolean;
  readonly issuedAgain: boolean;
  readonly renewalDue: boolean;
  /** The issuer has another certificate for the same key, so this one stays. */
  readonly issuerRenewed: boolean;
}

/** Compares known inputs; sets have no order, durations no spelling. */
export function certificateChange(olds: CertificateState, news: CertificateInputs, now: Date): CertificateChange {
  const texts = ["commonName", "organization", "organizationalUnit", "algorithm", "keeper"] as const;
  const sets = ["dnsNames", "ipAddresses", "usages"] as const;
  const spans = ["validity", "renewBefore"] as const;
  const members = ["cert", "key"] as const;
  const paths: string[] = [
    ...members.filter((member) => olds.issuer[member] !== news.issuer[member]).map((member) => `issuer.${member}`),
    ...texts.filter((key) => olds[key] !== news[key]),
    ...sets.filter((key) => !sameSet(olds[key], news[key])),
    ...spans.filter((key) => !sameDuration(olds[key], news[key])),
  ];
  const sameIssuer = paths.every((path) => path !== "issuer.cert") || isSameAuthority(olds.issuer, news.issuer);
  const issuerRenewed = sameIssuer && paths.includes("issuer.cert");
  const newKey = paths.includes("algorithm") || paths.includes("keeper");
  const harmless = new Set(["issuer.key", "renewBefore", ...(sameIssuer ? ["issuer.cert"] : [])]);
  const renewalDue = isRenewalDue(new Date(olds.notAfter), news, now, issuerEnd(news.issuer));
  return {
    paths,
    newKey,
    issuerRenewed,
    renewalDue,
    issuedAgain: renewalDue || paths.some((path) => !harmless.has(path)),
  };
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((member) => other.includes(member));
}
