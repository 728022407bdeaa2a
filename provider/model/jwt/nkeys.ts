import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { crc16, decodeBase32 } from "../config/check/nkeyKind";

export type NkeyRole = "operator" | "account" | "user";

const prefixes: Readonly<Record<NkeyRole, number>> = { operator: 14 << 3, account: 0, user: 20 << 3 };
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** What stands before an Ed25519 seed in PKCS #8, and before a public key in SubjectPublicKeyInfo. */
const privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** The seed (SO…, SA…, SU…) that 32 random bytes make. */
export function seedOf(role: NkeyRole, random: Uint8Array): string {
  const prefix = prefixes[role];
  return encoded(Buffer.concat([Buffer.from([(18 << 3) | (prefix >> 5), (prefix & 31) << 3]), random]));
}

/** The public key (O…, A…, U…) of a seed. */
export function publicKeyOf(seed: string): string {
  return pairOf(seed).publicKey;
}

export function signWith(seed: string, data: string): Buffer {
  return sign(null, Buffer.from(data), pairOf(seed).privateKey);
}

export function isSignedBy(publicKey: string, data: string, signature: Uint8Array): boolean {
  const raw = decodeBase32(publicKey)!.subarray(1, 33);
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: "der", type: "spki" });
  return verify(null, Buffer.from(data), key, signature);
}

/** Bytes as NATS writes them: base32 without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31]!;
    }
  }
  return bits > 0 ? text + alphabet[(buffer << (5 - bits)) & 31]! : text;
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

/** One key signs many claims, and making it ready costs more than a signature. */
const pairs = new Map<string, Pair>();
const mostPairs = 32;

function pairOf(seed: string): Pair {
  const known = pairs.get(seed);
  if (known) return known;
  const bytes = decodeBase32(seed)!;
  const key = Buffer.concat([privatePrefix, bytes.subarray(2, 34)]);
  const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
  const role = ((bytes[0]! & 7) << 5) | ((bytes[1]! & 0xf8) >> 3);
  const raw = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(publicPrefix.length);
  const pair = { privateKey, publicKey: encoded(Buffer.concat([Buffer.from([role]), raw])) };
  if (pairs.size >= mostPairs) pairs.delete(pairs.keys().next().value!);
  pairs.set(seed, pair);
  return pair;
}

function encoded(bytes: Buffer): string {
  const sum = crc16(bytes);
  return encodeBase32(Buffer.concat([bytes, Buffer.from([sum & 0xff, sum >> 8])]));
}
