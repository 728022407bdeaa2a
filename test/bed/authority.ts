import { issueAuthority, issueCertificate, newPrivateKey } from "../../provider/apply/x509";
import type { CertificateRequest } from "../../provider/apply/x509";

export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

const day = 86_400_000;

/** An authority whose certificate is valid from an hour ago for a year, or as told. */
export async function testAuthority(
  commonName = "test CA",
  { now = new Date(), days = 365, key }: { now?: Date; days?: number; key?: string } = {},
): Promise<KeyedCertificate> {
  const own = key ?? (await newPrivateKey("ecdsa-p256"));
  const cert = await issueAuthority({ subject: { commonName }, key: own, ...term(now, days) });
  return { cert, key: own };
}

/** A certificate for server and client use with localhost in it, or as told. */
export async function testCertificate(
  issuer: KeyedCertificate,
  { now = new Date(), days = 90, ...request }: Partial<CertificateRequest> & { now?: Date; days?: number } = {},
): Promise<KeyedCertificate> {
  const key = request.key ?? (await newPrivateKey("ecdsa-p256"));
  const cert = await issueCertificate({
    issuer,
    subject: { commonName: "test" },
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
    usages: ["server", "client"],
    ...term(now, days),
    ...request,
    key,
  });
  return { cert, key };
}

function term(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - 3_600_000), notAfter: new Date(now.getTime() + days * day) };
}
