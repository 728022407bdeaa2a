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
