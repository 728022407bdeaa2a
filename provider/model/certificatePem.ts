import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Problem } from "../errors";

type Read<T> = { readonly value: T; readonly problem?: undefined } | { readonly problem: Problem };

/** All certificates of a PEM text, in its order. */
export function readCertificates(pem: string, path: string): Read<readonly [X509Certificate, ...X509Certificate[]]> {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return { problem: { path, ...whyNoCertificate(pem) } };
  const certificates: X509Certificate[] = [];
  for (const [index, block] of blocks.entries()) {
    try {
      certificates.push(new X509Certificate(block));
    } catch {
      const which = blocks.length === 1 ? "the certificate" : `certificate ${index + 1} of ${blocks.length}`;
      return { problem: { path, reason: `${which} can't be read: its PEM block is damaged`, fix: readFile } };
    }
  }
  return { value: certificates as [X509Certificate, ...X509Certificate[]] };
}

/** A private key from PEM (PKCS#8, PKCS#1 or SEC1). Reasons never quote the key. */
export function readPrivateKey(pem: string, path: string): Read<KeyObject> {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    const fix = "openssl pkey -in key.pem -out plain.pem, and keep its text as a Pulumi secret";
    return {
      problem: {
        path,
        reason: "the private key is encrypted with a passphrase, and nats-server reads plain ones only",
        fix,
      },
    };
  }
  if (!/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(pem)) {
    const seen = pem.includes("BEGIN CERTIFICATE")
      ? "it holds a certificate"
      : 'it has no "-----BEGIN PRIVATE KEY-----"';
    return {
      problem: {
        path,
        reason: `no private key in PEM: ${seen}`,
        fix: `${path}: pulumi.secret(readFileSync("key.pem", "utf8"))`,
      },
    };
  }
  try {
    return { value: createPrivateKey(pem) };
  } catch {
    return { problem: { path, reason: "the private key can't be read: its PEM block is damaged", fix: readFile } };
  }
}

/** The text's form as it is stored: no spaces around, one newline at the end, so that an editor's newline is no change. */
export function normalisePem(pem: string): string {
  return `${pem.replaceAll("\r\n", "\n").trim()}\n`;
}

const readFile = 'the whole text of the file: readFileSync("….pem", "utf8")';

function whyNoCertificate(pem: string): { reason: string; fix: string } {
  if (pem.includes("PRIVATE KEY-----")) {
    return { reason: "no certificate in PEM: it holds a private key", fix: "the certificate here, the key in `key`" };
  }
  if (/^[\w./~-]+\.(pem|crt|cer)$/.test(pem.trim())) {
    return {
      reason: `"${pem.trim()}" is a file name, PEM text is wanted`,
      fix: `readFileSync("${pem.trim()}", "utf8")`,
    };
  }
  return { reason: 'no certificate in PEM: it has no "-----BEGIN CERTIFICATE-----"', fix: readFile };
}
