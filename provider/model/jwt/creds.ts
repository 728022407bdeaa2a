import type { Problem } from "../../errors";

/** The content of a creds file, as nsc writes it and every NATS client reads it. */
export function credsText(jwt: string, seed: string): string {
  return `-----BEGIN NATS USER JWT-----
${jwt}
------END NATS USER JWT------

************************* IMPORTANT *************************
NKEY Seed printed below can be used to sign and prove identity.
NKEYs are sensitive and should be treated as secrets.

-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------

*************************************************************
`;
}

/** A creds file's two parts; undefined where it does not have them. */
export function credsParts(creds: string): { readonly jwt?: string; readonly seed: string } | undefined {
  const jwt = /-BEGIN NATS USER JWT-+\s+([\w.-]+)\s/.exec(creds)?.[1];
  const seed = /-BEGIN USER NKEY SEED-+\s+(SU[A-Z2-7]{56})\s/.exec(creds)?.[1];
  return jwt === undefined || seed === undefined ? undefined : { jwt, seed };
}

/** What is wrong with a text as the content of a creds file. */
export function credsProblem(text: string, path: string, fix = "creds: user.creds"): Problem[] {
  if (/-----BEGIN NATS USER JWT-----[\s\S]*BEGIN USER NKEY SEED/.test(text)) return [];
  const reason = "it is not the content of a creds file, which holds a JWT and a seed between BEGIN and END lines";
  return [{ path, reason, fix }];
}
