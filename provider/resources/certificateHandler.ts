import { X509Certificate } from "node:crypto";
import { issueCertificate, newPrivateKey } from "../apply/x509";
import type { CallContext, ChangeKind, Diff, Handler } from "../host/handler";
import { hasUnknown } from "../host/handler";
import { isoTime, publicKeyHash } from "../model/certificate";
import { certificateChange } from "../model/certificateChange";
import type { CertificateChange, CertificateInputs, CertificateState } from "../model/certificateChange";
import { intermediatesOf, issuerEnd } from "../model/certificateIssuer";
import { newTerm } from "../model/certificateTerm";
import { checkCertificate } from "./certificateCheck";
import { notImportable } from "./notImportable";

/** The handler with its clock, which a test may turn. */
export function newCertificateHandler(
  now: () => Date = () => new Date(),
): Handler<CertificateInputs, CertificateState> {
  return {
    kind: "Certificate",
    schema: 1,

    async check(_context, _olds, news) {
      return checkCertificate(news, now());
    },

    async diff(_context: CallContext, _id, olds, news) {
      const { filled, unknown } = withOldForUnknown(olds, news);
      return diffOf(olds, certificateChange(olds, filled, now()), unknown, now());
    },

    async create(_context, inputs) {
      const state = await issue(inputs, await newPrivateKey(inputs.algorithm), now());
      return { id: state.pin.slice(0, 32), state };
    },

    async read(_context, id, state) {
      if (!state) {
        const why = "a certificate does not hold its private key";
        throw notImportable(
          "Certificate",
          id,
          why,
          "give its PEM texts where they are used, as in tls: { cert, key, ca }",
        );
      }
      const { cert: _1, key: _2, ca: _3, chain: _4, notAfter: _5, fingerprint: _6, pin: _7, ...inputs } = state;
      return { inputs, state };
    },

    async update(_context, _id, olds, news) {
      const change = certificateChange(olds, news, now());
      if (!change.issuedAgain) return stateOf(news, olds.cert, olds.key);
      return issue(news, change.newKey ? await newPrivateKey(news.algorithm) : olds.key, now());
    },

    async delete() {},
  };
}

export const certificateHandler = newCertificateHandler();

async function issue(inputs: CertificateInputs, key: string, now: Date): Promise<CertificateState> {
  const term = newTerm(inputs.validity, now, issuerEnd(inputs.issuer));
  return stateOf(inputs, await issueCertificate({ ...inputs, subject: inputs, key, ...term }), key);
}

function stateOf(inputs: CertificateInputs, cert: string, key: string): CertificateState {
  const issued = new X509Certificate(cert);
  return {
    ...inputs,
    cert,
    key,
    ca: inputs.issuer.cert,
    chain: cert + intermediatesOf(inputs.issuer),
    notAfter: isoTime(new Date(issued.validTo)),
    fingerprint: issued.fingerprint256,
    pin: publicKeyHash(issued),
  };
}

function diffOf(olds: CertificateState, change: CertificateChange, unknown: readonly string[], now: Date): Diff {
  const changes: Record<string, ChangeKind> = {};
  for (const path of [...change.paths, ...unknown]) changes[path] = "update";
  if (change.issuedAgain) changes["notAfter"] = "update";
  const notes: string[] = [];
  if (change.renewalDue) {
    const verb = Date.parse(olds.notAfter) <= now.getTime() ? "expired" : "expires";
    notes.push(`certificate ${verb} ${olds.notAfter.slice(0, 10)}; will be renewed`);
  } else if (change.issuedAgain) {
    notes.push(`certificate will be issued again with ${change.newKey ? "a new key" : "the same key"}`);
  } else if (change.issuerRenewed) {
    notes.push("the issuer was renewed with the same key: the certificate stays, `ca` is the renewed one");
  }
  if (unknown.some((path) => path.startsWith("issuer"))) {
    notes.push(
      "the issuer changes in this update: the certificate stays if the issuer keeps its key and name, else it is issued again",
    );
  }
  return { changes, notes: notes.map((message) => ({ severity: "info", message })) };
}

/** In a preview: the old value in place of what is not known yet, and the paths of these. */
function withOldForUnknown(
  olds: CertificateState,
  news: CertificateInputs,
): { filled: CertificateInputs; unknown: string[] } {
  const unknown: string[] = [];
  const fill = <T extends object>(old: T, value: T, prefix: string): T =>
    Object.fromEntries(
      Object.entries(value).map(([key, member]: [string, unknown]) => {
        if (!hasUnknown(member)) return [key, member];
        const before = old[key as keyof T];
        if (key === "issuer" && typeof member === "object") return [key, fill(olds.issuer, news.issuer, "issuer.")];
        unknown.push(prefix + key);
        return [key, before];
      }),
    ) as T;
  return { filled: fill<CertificateInputs>(olds, news, ""), unknown };
}
