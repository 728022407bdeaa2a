import type { Problem } from "../errors";
import type { Checked } from "../host/handler";
import { hasUnknown, isUnknown } from "../host/handler";
import type { CertificateInputs } from "../model/certificateChange";
import { dnsNameProblem, ipAddressProblem, normaliseDnsName, normaliseIpAddress } from "../model/certificateHosts";
import { issuerEnd, issuerProblems } from "../model/certificateIssuer";
import { normalisePem } from "../model/certificatePem";
import { algorithmProblems, subjectProblems } from "../model/certificateSubject";
import { defaultRenewBefore, newTerm, termProblems } from "../model/certificateTerm";
import { isoTime } from "../model/certificate";
import { anything, listOf, objectOf, text } from "../model/argument";
import { shapeOf } from "./inputShape";
import { known } from "./knownInputs";

const shape = objectOf<CertificateInputs>({
  issuer: anything,
  commonName: anything,
  organization: anything,
  organizationalUnit: anything,
  dnsNames: listOf(text),
  ipAddresses: listOf(text),
  usages: listOf(text),
  algorithm: text,
  validity: text,
  renewBefore: text,
  keeper: text,
});

/** Validates and normalises what a program asks of a certificate; any part of it may be unknown yet. */
export function checkCertificate(given: CertificateInputs, now: Date): Checked<CertificateInputs> {
  const { problems: wrong, sound: news } = shapeOf(shape, given);
  const validity = news.validity ?? "2160h";
  const inputs = {
    ...news,
    issuer: normaliseIssuer(news.issuer),
    dnsNames: normaliseList(news.dnsNames ?? [], normaliseDnsName),
    ipAddresses: normaliseList(news.ipAddresses ?? [], (address) => normaliseIpAddress(address) ?? address),
    usages: normaliseList(news.usages ?? ["server", "client"], (usage) => usage),
    algorithm: news.algorithm ?? "ecdsa-p256",
    validity,
  };
  const term = termProblems(known({ validity, renewBefore: news.renewBefore }));
  const problems = [
    ...wrong,
    ...issuerInputProblems(inputs.issuer, now),
    ...subjectInputProblems(news),
    ...listProblems(news.dnsNames ?? [], "dnsNames", dnsNameProblem),
    ...listProblems(news.ipAddresses ?? [], "ipAddresses", ipAddressProblem),
    ...usageProblems(inputs),
    ...(isUnknown(inputs.algorithm) ? [] : algorithmProblems(inputs.algorithm)),
    ...term,
  ];
  const broken = isUnknown(validity) || term.some((problem) => problem.path === "validity");
  const renewBefore = news.renewBefore ?? (broken ? "720h" : defaultRenewBefore(validity, "720h"));
  const checked = { ...inputs, renewBefore };
  return { inputs: checked, problems: problems.length > 0 ? problems : shortenedBy(checked, now) };
}

function normaliseIssuer(issuer: CertificateInputs["issuer"]): CertificateInputs["issuer"] {
  if (isUnknown(issuer) || typeof issuer !== "object" || issuer === null) return issuer;
  const pem = (text: string): string => (typeof text !== "string" || isUnknown(text) ? text : normalisePem(text));
  return { cert: pem(issuer.cert), key: pem(issuer.key) };
}

function issuerInputProblems(issuer: unknown, now: Date): Problem[] {
  if (isUnknown(issuer)) return [];
  const fix = 'issuer: new nats.CertificateAuthority("ca"), or { cert, key } with PEM texts';
  if (typeof issuer !== "object" || issuer === null) return [{ path: "issuer", reason: "no issuer is given", fix }];
  const given = known(issuer as CertificateInputs["issuer"]);
  const missing = (["cert", "key"] as const).filter((member) => {
    const value: unknown = (issuer as CertificateInputs["issuer"])[member];
    return typeof value !== "string" || value.trim() === "";
  });
  if (missing.length > 0)
    return missing.map((member) => ({ path: `issuer.${member}`, reason: "no PEM text is given", fix }));
  return issuerProblems(given, now);
}

function subjectInputProblems(news: CertificateInputs): Problem[] {
  return (["commonName", "organization", "organizationalUnit"] as const).flatMap((field) => {
    const value = news[field];
    return isUnknown(value) || (value === undefined && field !== "commonName") ? [] : subjectProblems(field, value);
  });
}

function usageProblems(inputs: Pick<CertificateInputs, "usages" | "dnsNames" | "ipAddresses">): Problem[] {
  const { usages, dnsNames, ipAddresses } = inputs;
  if (hasUnknown(usages)) return [];
  const problems: Problem[] = usages
    .map((usage, index) => ({ usage, path: `usages[${index}]` }))
    .filter(({ usage }) => usage !== "server" && usage !== "client")
    .map(({ usage, path }) => ({
      path,
      reason: `"${String(usage)}" is no usage; known are server, client`,
      fix: 'usages: ["server", "client"]',
    }));
  if (usages.length === 0)
    problems.push({ path: "usages", reason: "a certificate for nothing", fix: 'usages: ["client"]' });
  const named = hasUnknown([dnsNames, ipAddresses]) || dnsNames.length + ipAddresses.length > 0;
  if (usages.includes("server") && !named) {
    const reason = "it is for a server but names no host, so no client can verify a server that shows it";
    const fix = 'dnsNames: ["nats.example.com"], or usages: ["client"]';
    problems.push({ path: "dnsNames", reason, fix, severity: "warning" });
  }
  return problems;
}

function listProblems(
  list: readonly string[],
  path: string,
  problem: (member: string, path: string) => Problem | undefined,
): Problem[] {
  if (isUnknown(list)) return [];
  return list.flatMap((member, index) => {
    const found = isUnknown(member) ? undefined : problem(String(member), `${path}[${index}]`);
    return found ? [found] : [];
  });
}

/** Each once, in the program's order. */
function normaliseList<T extends string>(list: readonly T[], normalise: (member: T) => T): readonly T[] {
  if (isUnknown(list)) return list;
  return [
    ...new Set(list.map((member) => (isUnknown(member) || typeof member !== "string" ? member : normalise(member)))),
  ];
}

/** A warning where the issuer ends before the certificate would. */
function shortenedBy(inputs: CertificateInputs, now: Date): Problem[] {
  if (hasUnknown([inputs.issuer, inputs.validity])) return [];
  const ends = issuerEnd(inputs.issuer);
  if (newTerm(inputs.validity, now).notAfter <= ends) return [];
  const reason = `the issuer ends ${isoTime(ends)}, and the certificate "${inputs.validity}" long with it`;
  return [{ path: "validity", reason, fix: "a renewed issuer, or a shorter validity", severity: "warning" }];
}
