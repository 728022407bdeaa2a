const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What a public nkey (or, with `S` before it, a seed) is of; undefined for any other text, and for what is none. */
export function nkeyKind(text: unknown): NkeyKind | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = decodeBase32(text);
  if (!bytes || bytes.length < 4) return undefined;
  const body = bytes.subarray(0, bytes.length - 2);
  if (crc16(body) !== (bytes[bytes.length - 2]! | (bytes[bytes.length - 1]! << 8))) return undefined;
  const isSeed = (body[0]! & 0xf8) === 18 << 3;
  if (isSeed) {
    if (body.length !== 34) return undefined;
    const inner = kinds[((body[0]! & 0x07) << 5) | ((body[1]! & 0xf8) >> 3)];
    return inner && `${inner} seed`;
  }
  return body.length === 33 ? kinds[body[0]!] : undefined;
}

export type NkeyKind = Kind | `${Kind} seed`;
type Kind = "operator" | "server" | "cluster" | "account" | "user" | "curve";

const kinds: Readonly<Record<number, Kind>> = {
  [14 << 3]: "operator",
  [13 << 3]: "server",
  [2 << 3]: "cluster",
  [0]: "account",
  [20 << 3]: "user",
  [23 << 3]: "curve",
};

/** Bytes of base32 without padding; undefined for any other text. */
export function decodeBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return undefined;
    buffer = ((buffer << 5) | value) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >> bits) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
