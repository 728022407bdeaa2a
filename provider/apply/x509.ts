import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import type { KeyObject, KeyPairKeyObjectResult } from "node:crypto";
import { promisify } from "node:util";
import type { CertificateUsage } from "../model/certificate";
import { usageOids } from "../model/certificate";
import type { KeyAlgorithm } from "../model/certificateSubject";

/** Names of whom a certificate is for. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
}

export interface Term {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface AuthorityRequest extends Term {
  readonly subject: Subject;
  /** PEM of the authority's private key. */
  readonly key: string;
}

export interface CertificateRequest extends Term {
  readonly subject: Subject;
  /** PEM of the certificate's private key. */
  readonly key: string;
  readonly issuer: { readonly cert: string; readonly key: string };
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly usages: readonly CertificateUsage[];
}

/** PEM (PKCS#8) of a new private key. */
export async function newPrivateKey(algorithm: KeyAlgorithm): Promise<string> {
  const pair = await newKeyPair(algorithm);
  return pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function newKeyPair(algorithm: KeyAlgorithm): Promise<KeyPairKeyObjectResult> {
  const make = promisify(generateKeyPair);
  const [family, size] = algorithm.split("-");
  if (family === "ed25519") return make("ed25519");
  if (family === "rsa") return make("rsa", { modulusLength: Number(size) });
  return make("ec", { namedCurve: size === "p384" ? "P-384" : "P-256" });
}

/** PEM of a certificate of an authority that signs itself. */
export async function issueAuthority(request: AuthorityRequest): Promise<string> {
  const x509 = await library();
  const key = createPrivateKey(request.key);
  const keys = { privateKey: await signingKey(key), publicKey: await publicKey(key) };
  const subjectKey = await x509.SubjectKeyIdentifierExtension.create(keys.publicKey);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: nameFields(request.subject),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    keys,
    signingAlgorithm: signatureOf(key),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      subjectKey,
      new x509.AuthorityKeyIdentifierExtension(subjectKey.keyId),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

/** PEM of a certificate that the issuer signs. */
export async function issueCertificate(request: CertificateRequest): Promise<string> {
  const x509 = await library();
  const key = createPrivateKey(request.key);
  const issuer = new x509.X509Certificate(firstCertificate(request.issuer.cert));
  const issuerKey = createPrivateKey(request.issuer.key);
  const names = [
    ...request.dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...request.ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ];
  const flags =
    x509.KeyUsageFlags.digitalSignature | (key.asymmetricKeyType === "rsa" ? x509.KeyUsageFlags.keyEncipherment : 0);
  const subjectKey = await publicKey(key);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: nameFields(request.subject),
    issuer: issuer.subjectName,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: subjectKey,
    signingKey: await signingKey(issuerKey),
    signingAlgorithm: signatureOf(issuerKey),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(flags, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => usageOids[usage])),
      await x509.SubjectKeyIdentifierExtension.create(subjectKey),
      await authorityKeyIdentifier(x509, issuer),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

type Library = typeof import("@peculiar/x509");

/** It decorates its classes as it loads, and needs the polyfill before that. */
async function library(): Promise<Library> {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

/** The issuer's own identifier where it states one: other tools compute it in other ways. */
async function authorityKeyIdentifier(x509: Library, issuer: InstanceType<Library["X509Certificate"]>) {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  return own
    ? new x509.AuthorityKeyIdentifierExtension(own.keyId)
    : x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey);
}

/** Fields and no text, so that a comma in a name stays a comma. */
function nameFields(subject: Subject): Record<string, string[]>[] {
  return [
    ...(subject.organization ? [{ O: [subject.organization] }] : []),
    ...(subject.organizationalUnit ? [{ OU: [subject.organizationalUnit] }] : []),
    { CN: [subject.commonName] },
  ];
}

/** 126 random bits, positive and of one length. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function firstCertificate(pem: string): string {
  return new X509Certificate(pem).toString();
}

function algorithmOf(
  key: KeyObject,
): webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams | webcrypto.Algorithm {
  if (key.asymmetricKeyType === "ec") return { name: "ECDSA", namedCurve: curveOf(key) };
  if (key.asymmetricKeyType === "ed25519") return { name: "Ed25519" };
  return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
}

function signatureOf(key: KeyObject): { name: string; hash?: string } {
  const { name } = algorithmOf(key);
  if (name === "Ed25519") return { name };
  const hashes: Readonly<Record<string, string>> = { "P-384": "SHA-384", "P-521": "SHA-512" };
  return { name, hash: (name === "ECDSA" && hashes[curveOf(key)]) || "SHA-256" };
}

function curveOf(key: KeyObject): string {
  const curves: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };
  return curves[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? "P-256";
}

async function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, algorithmOf(key), false, ["sign"]);
}

async function publicKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return webcrypto.subtle.importKey("spki", der, algorithmOf(key), true, ["verify"]);
}
