import { X509Certificate } from "node:crypto";
import { issueAuthority, newPrivateKey } from "../apply/x509";
import type { Problem } from "../errors";
import type { Diff, Handler } from "../host/handler";
import { isUnknown } from "../host/handler";
import { isoTime, publicKeyHash } from "../model/certificate";
import { algorithmProblems, subjectProblems } from "../model/certificateSubject";
import type { KeyAlgorithm } from "../model/certificateSubject";
import { defaultRenewBefore, isRenewalDue, newTerm, sameDuration, termProblems } from "../model/certificateTerm";
import { anything, objectOf, text } from "../model/argument";
import { shapeOf } from "./inputShape";
import { known } from "./knownInputs";
import { notImportable } from "./notImportable";

export interface CertificateAuthorityInputs {
  readonly commonName: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly algorithm: KeyAlgorithm;
  readonly validity: string;
  readonly renewBefore: string;
  readonly keeper?: string;
}

export interface CertificateAuthorityState extends CertificateAuthorityInputs {
  readonly cert: string;
  readonly key: string;
  readonly notAfter: string;
  readonly fingerprint: string;
}

const shape = objectOf<CertificateAuthorityInputs>({
  commonName: anything,
  organization: anything,
  organizationalUnit: anything,
  algorithm: text,
  validity: text,
  renewBefore: text,
  keeper: text,
});

/** Inputs that are the authority itself: with another one of these it is another authority. */
const identity = ["commonName", "organization", "organizationalUnit", "algorithm", "keeper"] as const;

/** The handler with its clock, which a test may turn. */
export function newCertificateAuthorityHandler(
  now: () => Date = () => new Date(),
): Handler<CertificateAuthorityInputs, CertificateAuthorityState> {
  return {
    kind: "CertificateAuthority",
    schema: 1,

    async check(_context, _olds, given) {
      const { problems: wrong, sound: news } = shapeOf(shape, given);
      const validity = news.validity ?? "87600h";
      const inputs = { ...news, algorithm: news.algorithm ?? "ecdsa-p256", validity };
      const problems: Problem[] = [
        ...wrong,
        ...["commonName", "organization", "organizationalUnit"].flatMap((field) => {
          const value = news[field as "commonName"] as string | undefined;
          if (isUnknown(value) || (value === undefined && field !== "commonName")) return [];
          return subjectProblems(field, value);
        }),
        ...(isUnknown(inputs.algorithm) ? [] : algorithmProblems(inputs.algorithm)),
        ...termProblems(known({ validity, renewBefore: news.renewBefore })),
      ];
      const broken = isUnknown(validity) || problems.some((problem) => problem.path === "validity");
      const renewBefore = news.renewBefore ?? (broken ? "8760h" : defaultRenewBefore(validity, "8760h"));
      return { inputs: { ...inputs, renewBefore }, problems };
    },

    async diff(_context, _id, olds, news) {
      const replaced = identity.filter((key) => olds[key] !== news[key]);
      if (replaced.length > 0) return replacement(replaced);
      return renewal(olds, news, now());
    },

    async create(_context, inputs) {
      const state = await issue(inputs, await newPrivateKey(inputs.algorithm), now());
      return { id: publicKeyHash(new X509Certificate(state.cert)).slice(0, 32), state };
    },

    async read(_context, id, state) {
      if (!state) {
        const why = "a certificate does not hold its private key";
        throw notImportable("CertificateAuthority", id, why, "nats.CertificateAuthority.fromPem({ cert, key })");
      }
      const { cert: _cert, key: _key, notAfter: _notAfter, fingerprint: _fingerprint, ...inputs } = state;
      return { inputs, state };
    },

    async update(_context, _id, olds, news) {
      if (!isIssuedAgain(olds, news, now())) return { ...outputsOf(olds), ...news };
      return issue(news, olds.key, now());
    },

    async delete() {},
  };
}

export const certificateAuthorityHandler = newCertificateAuthorityHandler();

async function issue(inputs: CertificateAuthorityInputs, key: string, now: Date): Promise<CertificateAuthorityState> {
  const cert = await issueAuthority({ subject: inputs, key, ...newTerm(inputs.validity, now) });
  const issued = new X509Certificate(cert);
  return { ...inputs, cert, key, notAfter: isoTime(new Date(issued.validTo)), fingerprint: issued.fingerprint256 };
}

function outputsOf({ cert, key, notAfter, fingerprint }: CertificateAuthorityState) {
  return { cert, key, notAfter, fingerprint };
}

function isIssuedAgain(olds: CertificateAuthorityState, news: CertificateAuthorityInputs, now: Date): boolean {
  return !sameSpan(olds.validity, news.validity) || isRenewalDue(new Date(olds.notAfter), news, now);
}

function replacement(keys: readonly string[]): Diff {
  const message =
    "a new authority with a new key: its certificates are issued again, and whoever trusts only the old `cert` refuses them from then on";
  return {
    changes: Object.fromEntries(keys.map((key) => [key, "update-replace" as const])),
    notes: [{ severity: "warning", message }],
  };
}

function renewal(olds: CertificateAuthorityState, news: CertificateAuthorityInputs, now: Date): Diff {
  const sameValidity = sameSpan(olds.validity, news.validity);
  const due =
    !isUnknown(news.validity) && !isUnknown(news.renewBefore) && isRenewalDue(new Date(olds.notAfter), news, now);
  const verb = Date.parse(olds.notAfter) <= now.getTime() ? "expired" : "expires";
  const stays = "will be renewed with the same key, so what it signed stays valid";
  return {
    changes: {
      ...(sameValidity ? {} : { validity: "update" as const }),
      ...(sameSpan(olds.renewBefore, news.renewBefore) ? {} : { renewBefore: "update" as const }),
      ...(due || !sameValidity ? { notAfter: "update" as const } : {}),
    },
    ...(due
      ? { notes: [{ severity: "info", message: `certificate ${verb} ${olds.notAfter.slice(0, 10)}; ${stays}` }] }
      : {}),
  };
}

function sameSpan(old: string, value: string): boolean {
  return !isUnknown(value) && sameDuration(old, value);
}
