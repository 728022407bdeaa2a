import type { Authenticator } from "nats";
import { publicKeyOf, signWith } from "../model/jwt/nkeys";

/** A login by a seed, and a user's JWT where there is one: what the client library has for it takes ten times as long. */
export function nkeyLogin(seed: string, jwt?: string): Authenticator {
  return (nonce = "") => ({
    nkey: publicKeyOf(seed),
    sig: nonce === "" ? "" : signWith(seed, nonce).toString("base64url"),
    ...(jwt === undefined ? {} : { jwt }),
  });
}
