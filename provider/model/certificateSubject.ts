import type { Problem } from "../errors";

export const keyAlgorithms = ["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072", "rsa-4096"] as const;
/** Kinds of private keys. */
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

export function algorithmProblems(algorithm: string): Problem[] {
  if (keyAlgorithms.includes(algorithm as KeyAlgorithm)) return [];
  const reason = `"${algorithm}" is no kind of key; known are ${keyAlgorithms.join(", ")}`;
  return [{ path: "algorithm", reason, fix: 'algorithm: "ecdsa-p256"' }];
}

/** A field of a certificate's subject: at most 64 letters, by X.509. */
export function subjectProblems(field: string, value: unknown): Problem[] {
  const fix = `${field}: "nats"`;
  if (typeof value !== "string") return [{ path: field, reason: `${JSON.stringify(value)}: a text is wanted`, fix }];
  if (value.trim() === "") return [{ path: field, reason: "it is empty", fix }];
  if (value.length <= 64) return [];
  return [
    {
      path: field,
      reason: `"${value}" has ${value.length} letters, X.509 allows 64`,
      fix: `${field}: "${value.slice(0, 64)}"`,
    },
  ];
}
