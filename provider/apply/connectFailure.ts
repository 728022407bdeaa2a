import type { ConnectionAuth, ConnectionModel } from "../model/connection";
import { expiredFix, expiryOf, loginClaims } from "./loginClaims";
import { redact } from "../redact";
import { causes, wasRefused } from "./causes";
import { ConnectError } from "./connectError";
import type { Greeted } from "./connectGreeting";

export interface ServerFailure {
  readonly server: string;
  readonly reason: string;
  readonly fix: string;
  /** Nothing listens there, or its name is not known. */
  readonly isNobodyThere: boolean;
}

/** One message about all servers that were tried: where the addresses and the identity come from, why, and what to type. */
export function connectFailure(model: ConnectionModel, failures: readonly ServerFailure[]): ConnectError {
  const reasons = new Set(failures.map(({ reason }) => reason));
  const fixes = [...new Set(failures.map(({ fix }) => fix))];
  const where = failures.map(({ server }) => server).join(", ");
  const lines =
    reasons.size === 1
      ? [`can't connect to NATS at ${where}: ${[...reasons][0]}`]
      : [`can't connect to NATS:`, ...failures.map(({ server, reason }) => `  ${server}: ${reason}`)];
  const from = `servers from ${model.origins.servers}, ${identity(model)}`;
  const message = redact(`${lines.join("\n")} (${from}). Fix: ${fixes.join("; ")}`, secretsOf(model.auth));
  return new ConnectError(
    message,
    failures.some(({ isNobodyThere }) => isNobodyThere),
  );
}

/** Why one server did not let us in. */
export function serverFailure(
  model: ConnectionModel,
  server: string,
  error: unknown,
  greeting?: Greeted,
): ServerFailure {
  if (typeof greeting === "object" && greeting.tls_verify === true) {
    return { server, ...clientCertificate(model), isNobodyThere: false };
  }
  const chain = causes(error);
  const text = chain.length > 0 ? chain.map(({ message }) => message).join(": ") : String(error);
  const names = chain.map(({ cert }) => cert?.subjectaltname).find((one) => one !== undefined);
  const codes = chain.map(({ code }) => String(code ?? ""));
  const has = (pattern: RegExp): boolean => pattern.test(text) || codes.some((code) => pattern.test(code));
  const found = failureTable.find(({ when }) => has(when));
  const { reason, fix } = found?.say(model, server, { text, names, greeting }) ?? {
    reason: text,
    fix: `nats-server's log says more`,
  };
  return { server, reason, fix, isNobodyThere: found?.isNobodyThere ?? wasRefused(error) };
}

/** What came instead of a connection. */
interface Seen {
  readonly text: string;
  /** Those of the certificate that did not fit, where Node tells. */
  readonly names: string | undefined;
  readonly greeting: Greeted | undefined;
}

interface Rule {
  readonly when: RegExp;
  readonly isNobodyThere?: true;
  say(model: ConnectionModel, server: string, seen: Seen): { readonly reason: string; readonly fix: string };
}

const failureTable: readonly Rule[] = [
  {
    when: /AUTHORIZATION_VIOLATION|Authorization Violation|BAD_AUTHENTICATION|Authentication (Expired|Timeout)|AUTHENTICATION_(EXPIRED|TIMEOUT)/i,
    say: ({ auth, origins }, _server, { text }) =>
      expiryOf(loginClaims(auth)) !== undefined || /expired/i.test(text)
        ? { reason: expiryOf(loginClaims(auth)) ?? "the credentials have expired", fix: expiredFix }
        : auth.kind === "none"
          ? {
              reason: "the server wants credentials and none are given",
              fix: origins.servers.startsWith("nats.Provider")
                ? "creds, user and password, token or nkeySeed of nats.Provider"
                : "creds, user and password, token or nkeySeed of a nats.Provider, or NATS_CREDS, NATS_USER and the like",
            }
          : { reason: `the server refuses ${whoIs(auth)} (Authorization Violation)`, fix: refusedFix(auth) },
  },
  {
    when: /account.*(authentication|expired)|ACCOUNT_EXPIRED/i,
    say: () => ({ reason: "the account has expired", fix: "push the account with a later expiry" }),
  },
  {
    when: /ERR_TLS_CERT_ALTNAME_INVALID|altnames/i,
    say: (_model, server, { names }) => ({
      reason: `the server's certificate is not for ${hostOf(server)} (it is for ${names || "no name at all"})`,
      fix: "connect by a name in the certificate, or set tls.serverName to one",
    }),
  },
  {
    when: /CERT_HAS_EXPIRED|certificate has expired/i,
    say: () => ({
      reason: "the server's certificate has expired",
      fix: "renew it, as `pulumi up` of the program that issued it does; nothing can be set to accept it",
    }),
  },
  {
    when: /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|self.signed certificate|unable to (verify|get)/i,
    say: ({ tls }) => ({
      reason:
        tls?.ca === undefined
          ? "the server's certificate is signed by a CA that this machine does not know"
          : "the server's certificate is not signed by the given CA",
      fix: "set tls.caFile (or tls.ca, or NATS_CA) to the CA that signed it",
    }),
  },
  {
    when: /certificate required|bad certificate|unknown ca|handshake failure|CERTIFICATE_REQUIRED/i,
    say: clientCertificate,
  },
  {
    when: /SERVER_OPT_NA|does not support|server option/i,
    say: () => ({
      reason: "the server does not offer TLS",
      fix: "nats:// instead of tls://, or a tls block in the server's config",
    }),
  },
  {
    when: /wrong version number|WRONG_VERSION_NUMBER|packet length too long|EPROTO/i,
    say: ({ tls }) =>
      tls?.handshakeFirst === true
        ? { reason: "the server does not start with TLS", fix: "remove tls.handshakeFirst" }
        : { reason: "what answers does not speak TLS the way NATS does", fix: "check the port: 4222 is for clients" },
  },
  {
    when: /CONNECTION_REFUSED|ECONNREFUSED/,
    isNobodyThere: true,
    say: () => ({ reason: "nothing listens there (connection refused)", fix: "start the server, or correct servers" }),
  },
  {
    when: /ENOTFOUND|EAI_AGAIN|getaddrinfo/,
    isNobodyThere: true,
    say: (_model, server) => ({
      reason: `the name ${hostOf(server)} is not known (DNS)`,
      fix: "correct servers, or use the address",
    }),
  },
  {
    when: /EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/,
    say: () => ({
      reason: "there is no way to that address (no route)",
      fix: "check the network, or forward a port: ssh -L",
    }),
  },
  {
    when: /NO_GREETING/,
    say: ({ tls }) => ({
      reason: `it takes the connection and hangs up before its greeting: ${noGreeting(tls)}`,
      fix: greetingFix(tls),
    }),
  },
  {
    when: /CONNECTION_TIMEOUT|ETIMEDOUT|\bTIMEOUT\b/,
    say: silenceFailure,
  },
  {
    when: /unexpected response from server/,
    say: () => ({
      reason: "what answers is no NATS server",
      fix: "check the port: 4222 is for clients, 6222 for routes, 8222 for monitoring",
    }),
  },
];

function silenceFailure(
  { timeout, tls }: ConnectionModel,
  _server: string,
  { greeting }: Seen,
): { readonly reason: string; readonly fix: string } {
  const time = `${timeout / 1000} s`;
  if (greeting === "silence") {
    return {
      reason: `it takes the connection and says nothing in ${time}: ${silent(tls)}`,
      fix: `see whether it hangs; ${greetingFix(tls)}`,
    };
  }
  const fix = "check servers and the network, or raise timeout";
  if (greeting === "nobody") {
    return { reason: `no connection in ${time} (a firewall, or no machine at that address)`, fix };
  }
  return { reason: `no answer in ${time}`, fix };
}

function silent(tls: ConnectionModel["tls"]): string {
  return tls?.handshakeFirst === true
    ? "it hangs, or is no NATS server"
    : "it hangs, starts with TLS, or is no NATS server";
}

/** Who may listen there, where nothing is said. */
function noGreeting(tls: ConnectionModel["tls"]): string {
  return tls?.handshakeFirst === true ? "what listens is no NATS server" : "it starts with TLS, or is no NATS server";
}

function greetingFix(tls: ConnectionModel["tls"]): string {
  const port = "check the port: 4222 is for clients";
  return tls?.handshakeFirst === true
    ? `${port}; or raise timeout`
    : `set tls.handshakeFirst where the server has handshake_first; or ${port}`;
}

function clientCertificate({ tls }: ConnectionModel): { readonly reason: string; readonly fix: string } {
  return tls?.cert === undefined
    ? { reason: "the server wants a client certificate", fix: "set tls.certFile and tls.keyFile" }
    : {
        reason: "the server refuses the client certificate",
        fix: "use a certificate that is signed by a CA of the server's tls block and not expired",
      };
}

function identity({ auth, origins }: ConnectionModel): string {
  return auth.kind === "none" ? "no credentials" : `as ${whoIs(auth)} from ${origins.auth}`;
}

/** Who wants in, without any secret: a user's name, the subject of a JWT. */
function whoIs(auth: ConnectionAuth): string {
  switch (auth.kind) {
    case "none":
      return "nobody";
    case "user":
      return `user "${auth.user}"`;
    case "token":
      return "a token";
    case "nkey":
      return `nkey ${publicKey(auth.seed) ?? "(damaged seed)"}`;
    case "creds":
    case "jwt": {
      const claims = loginClaims(auth);
      return claims ? `user "${claims.name}" (${claims.sub})` : auth.kind;
    }
  }
}

function refusedFix(auth: ConnectionAuth): string {
  switch (auth.kind) {
    case "user":
      return "correct user or password, as the server's accounts or authorization block has them";
    case "token":
      return "correct token";
    case "nkey":
      return "add this public key to a user of the server, or use the seed of one that it has";
    default:
      return "check that the servers know the account (account push), and that neither user nor account is revoked or expired";
  }
}

/** The part in use; the package that nats takes it from has no types. */
interface NkeysModule {
  fromSeed(seed: Uint8Array): { getPublicKey(): string };
}

function publicKey(seed: string): string | undefined {
  try {
    const { nkeys } = require("nats") as { nkeys: NkeysModule };
    return nkeys.fromSeed(new TextEncoder().encode(seed)).getPublicKey();
  } catch {
    return undefined;
  }
}

function secretsOf(auth: ConnectionAuth): string[] {
  switch (auth.kind) {
    case "user":
      return [auth.password];
    case "token":
      return [auth.token];
    default:
      return [];
  }
}

function hostOf(server: string): string {
  return server.replace(/:\d+$/, "");
}
