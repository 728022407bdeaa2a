import type { NatsConnection } from "nats";
import type { ConnectionAuth } from "../model/connection";

export interface LoginClaims {
  readonly name: string;
  readonly sub: string;
  /** In seconds. */
  readonly exp?: number;
}

/** What the JWT of a login says of itself; undefined for a login of another kind. */
export function loginClaims(auth: ConnectionAuth): LoginClaims | undefined {
  const jwt = auth.kind === "jwt" ? auth.jwt : auth.kind === "creds" ? /USER JWT-+\s+(\S+)/.exec(auth.creds)?.[1] : "";
  try {
    return JSON.parse(Buffer.from(jwt!.split(".")[1]!, "base64url").toString()) as LoginClaims;
  } catch {
    return undefined;
  }
}

/** That a login's time is over; undefined while it is not. */
export function expiryOf(claims: LoginClaims | undefined): string | undefined {
  if (claims?.exp === undefined || claims.exp * 1000 > Date.now()) return undefined;
  return `the user JWT of "${claims.name}" (${claims.sub}) expired at ${new Date(claims.exp * 1000).toISOString()}`;
}

export const expiredFix =
  "`pulumi up`, which issues a nats.User of the program anew, before a `pulumi destroy` too (or, on what goes with its servers, " +
  "deletedWith: cluster.servers); or newer creds from whoever issued them";

const logins = new WeakMap<NatsConnection, LoginClaims>();

/** Remembers who a connection is. */
export function rememberLogin(connection: NatsConnection, auth: ConnectionAuth): void {
  const claims = loginClaims(auth);
  if (claims) logins.set(connection, claims);
}

/** That the login of a connection is over, by which the servers have ended it; undefined while it is not. */
export function endedLogin(connection: NatsConnection): string | undefined {
  return expiryOf(logins.get(connection));
}
