import { createHash } from "node:crypto";
import type { ClaimsData } from "@nats-io/jwt";
import { nkeyKind } from "../config/check/nkeyKind";
import { encodeBase32, isSignedBy, publicKeyOf, signWith } from "./nkeys";

/*
 * The shape of claims is that of @nats-io/jwt, whose types are part of ours. Its `encode` and `decode` are not used: they know Latin-1
 * alone (the name "Łódź" throws in one, and comes garbled out of the other), `encode` stamps claims with the clock, where servers want a
 * later time than they have and a preview the same text for the same claims, and both do Ed25519 in JavaScript, some 40 times slower than
 * node:crypto. The library reads what is written here, and this reads what it writes: test/unit/model/jwtInterop.test.ts.
 */

/** What a JWT says before it is signed; `iat`, `iss` and `jti` come with the signature. */
export type Unsigned<Nats> = Pick<ClaimsData<Nats>, "name" | "sub" | "nats"> & {
  readonly exp?: number;
  readonly nbf?: number;
};

const header = base64(JSON.stringify({ typ: "JWT", alg: "ed25519-nkey" }));

/** The JWT of claims as issued at a time (seconds); the same claims at the same time make the same text. */
export function signedClaims<Nats extends object>(claims: Unsigned<Nats>, seed: string, issuedAt: number): string {
  const { exp, nbf, name, sub, nats } = claims;
  const body = {
    ...(exp === undefined ? {} : { exp }),
    jti: "",
    iat: issuedAt,
    iss: publicKeyOf(seed),
    name,
    ...(nbf === undefined ? {} : { nbf }),
    sub,
    nats: { ...nats, version: 2 },
  };
  body.jti = encodeBase32(createHash("sha512-256").update(JSON.stringify(body)).digest());
  const text = `${header}.${base64(JSON.stringify(body))}`;
  return `${text}.${signWith(seed, text).toString("base64url")}`;
}

/** Claims as they were issued before, where they say the same by the same key, else issued at a time. */
export function signedAgain<Nats extends object>(
  claims: (issuedAt: number) => Unsigned<Nats>,
  seed: string,
  before: string | undefined,
  issuedAt: number,
): string {
  const former = before === undefined ? undefined : readClaims(before)?.iat;
  const same = former === undefined ? undefined : signedClaims(claims(former), seed, former);
  return same !== undefined && same === before ? same : signedClaims(claims(issuedAt), seed, issuedAt);
}

/** The claims of a JWT whose signature is its issuer's; undefined for any other text. */
export function readClaims<Nats extends object>(jwt: string): ClaimsData<Nats> | undefined {
  const [head, body, signature, ...rest] = jwt.trim().split(".");
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as ClaimsData<Nats>;
    if (nkeyKind(claims.iss) === undefined || typeof claims.nats !== "object") return undefined;
    return isSignedBy(claims.iss, `${head}.${body}`, Buffer.from(signature, "base64url")) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64url");
}
