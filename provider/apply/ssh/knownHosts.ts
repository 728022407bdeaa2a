import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** One key of a known_hosts file. */
export interface KnownHost {
  readonly line: number;
  /** @cert-authority vouches for others' keys and is none of a host. */
  readonly marker: "revoked" | "cert-authority" | undefined;
  /** Comma-separated patterns, or one hash. */
  readonly patterns: readonly string[];
  readonly type: string;
  /** In base64. */
  readonly key: string;
}

/** The lines of a known_hosts file that hold a key; sshd skips others too. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === "" || words[0]!.startsWith("#")) return [];
    const marker = words[0]!.startsWith("@") ? words.shift()!.slice(1) : undefined;
    const [patterns, type, key] = words;
    if (marker !== undefined && marker !== "revoked" && marker !== "cert-authority") return [];
    if (!patterns || !type || !key || !/^[A-Za-z0-9+/]+=*$/.test(key)) return [];
    return [{ line: index + 1, marker, patterns: patterns.split(","), type, key }];
  });
}

/** What stands for a host in known_hosts: its name, in brackets with the port where that is not 22. */
export function knownHostName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

export function knowsHost(entry: KnownHost, name: string): boolean {
  let known = false;
  for (const pattern of entry.patterns) {
    if (pattern.startsWith("|1|")) known ||= isHashOf(pattern, name);
    else if (pattern.startsWith("!")) {
      if (matches(pattern.slice(1), name)) return false;
    } else known ||= matches(pattern, name);
  }
  return known;
}

/** As `ssh-keygen -lf` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type that stands inside a public key, such as "ssh-ed25519". */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.subarray(4, 4 + length).toString("ascii");
}

/** |1|salt|HMAC-SHA1 of the name|, both in base64. */
function isHashOf(pattern: string, name: string): boolean {
  const [, , salt, hash] = pattern.split("|");
  if (!salt || !hash) return false;
  const wanted = Buffer.from(hash, "base64");
  const actual = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

function matches(pattern: string, name: string): boolean {
  const source = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(name);
}
