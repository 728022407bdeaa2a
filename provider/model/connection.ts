import type { Problem } from "../errors";
import { maskAddress } from "../redact";
import { credsProblem } from "./jwt/creds";
import type { Through } from "./through";
import { milliseconds, parseDuration, UnitError } from "./units";

/** How to reach and enter NATS, as one place (a provider, the environment, a context) says it. Files are read already. */
export interface ConnectionSettings {
  readonly servers?: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Content of a creds file. */
  readonly creds?: string;
  readonly nkeySeed?: string;
  readonly jwt?: string;
  /** Seed that belongs to `jwt`. */
  readonly jwtSeed?: string;
  readonly tls?: TlsSettings;
  readonly jsDomain?: string;
  readonly jsApiPrefix?: string;
  readonly inboxPrefix?: string;
  readonly timeout?: string;
  readonly name?: string;
  readonly through?: Through;
}

export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly handshakeFirst?: boolean;
  readonly serverName?: string;
}

/** Settings with the place that they come from, such as "NATS_URL and the like" or `context "prod"`. */
export interface SettingsLayer {
  readonly origin: string;
  readonly settings: ConnectionSettings;
  /**
   * Servers of a layer take credentials only from layers of the same or a higher scope (a lower number), so that a password of the
   * environment never travels to servers that a program names.
   */
  readonly scope: number;
}

export type ConnectionAuth =
  | { readonly kind: "none" }
  | { readonly kind: "user"; readonly user: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "creds"; readonly creds: string }
  | { readonly kind: "nkey"; readonly seed: string }
  | { readonly kind: "jwt"; readonly jwt: string; readonly seed: string | undefined };

/** Everything that a connection needs. */
export interface ConnectionModel {
  /** `host:port`, without scheme or user. */
  readonly servers: readonly string[];
  readonly auth: ConnectionAuth;
  /** Absent: TLS with the system's trust where the server asks for it. */
  readonly tls?: TlsSettings;
  /** The user wrote tls://: never talk in plain. */
  readonly tlsRequired: boolean;
  readonly jsDomain?: string;
  readonly jsApiPrefix?: string;
  readonly inboxPrefix?: string;
  /** Milliseconds for the connection, and for a request that says nothing else. */
  readonly timeout: number;
  readonly name: string;
  /** The way to servers that this machine can't dial by itself. */
  readonly through?: Through;
  readonly origins: { readonly servers: string; readonly auth: string };
}

const defaultServer = "nats://127.0.0.1:4222";
export const defaultTimeout = "5s";

/** The first layer that says something wins, group by group: servers, credentials, CA, client certificate, then each of the rest. */
export function mergeConnection(layers: readonly SettingsLayer[]): ConnectionModel {
  const first = (has: (settings: ConnectionSettings) => boolean): SettingsLayer | undefined =>
    layers.find(({ settings }) => has(settings));
  const value = <Key extends keyof ConnectionSettings>(key: Key): ConnectionSettings[Key] =>
    first((settings) => settings[key] !== undefined)?.settings[key];

  const named = first(({ servers }) => servers !== undefined && servers.length > 0);
  const urls = named?.settings.servers ?? [defaultServer];
  const scope = named?.scope ?? Infinity;
  const entered = layers.find((layer) => layer.scope <= scope && authOf(layer.settings).kind !== "none");
  const inUrl = authOfUrl(urls);
  const auth = entered ? authOf(entered.settings) : inUrl;
  const tls = mergeTls(layers);
  const jsDomain = value("jsDomain");
  const jsApiPrefix = value("jsApiPrefix");
  const inboxPrefix = value("inboxPrefix");
  // The way belongs to the servers that it leads to.
  const through = named?.settings.through;
  return {
    servers: urls.map(addressOf),
    auth,
    ...(tls ? { tls } : {}),
    tlsRequired: urls.some((url) => /^tls:\/\//i.test(url)),
    ...(jsDomain === undefined ? {} : { jsDomain }),
    ...(jsApiPrefix === undefined ? {} : { jsApiPrefix }),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    ...(through === undefined ? {} : { through }),
    timeout: milliseconds(value("timeout") ?? defaultTimeout),
    name: value("name") ?? "pulumi-nats",
    origins: {
      servers: named?.origin ?? "the default, since nothing names servers",
      auth: entered?.origin ?? (inUrl.kind === "none" ? "nowhere" : (named?.origin ?? "the URL")),
    },
  };
}

function authOf(settings: ConnectionSettings): ConnectionAuth {
  const { user, password, token, creds, nkeySeed, jwt, jwtSeed, servers } = settings;
  if (creds !== undefined) return { kind: "creds", creds };
  if (jwt !== undefined) return { kind: "jwt", jwt, seed: jwtSeed ?? nkeySeed };
  if (nkeySeed !== undefined) return { kind: "nkey", seed: nkeySeed };
  if (user !== undefined) return { kind: "user", user, password: password ?? "" };
  if (token !== undefined) return { kind: "token", token };
  return authOfUrl(servers ?? []);
}

/** As every NATS client reads `nats://user:password@host` and `nats://token@host`. */
function authOfUrl(urls: readonly string[]): ConnectionAuth {
  for (const url of urls) {
    const parsed = parseUrl(url);
    if (!parsed || parsed.username === "") continue;
    const [user, password] = [decoded(parsed.username) ?? "", decoded(parsed.password) ?? ""];
    return password === "" ? { kind: "token", token: user } : { kind: "user", user, password };
  }
  return { kind: "none" };
}

function decoded(userinfo: string): string | undefined {
  try {
    return decodeURIComponent(userinfo);
  } catch {
    return undefined;
  }
}

function mergeTls(layers: readonly SettingsLayer[]): TlsSettings | undefined {
  const all = layers.map(({ settings }) => settings.tls ?? {});
  const ca = all.find((tls) => tls.ca !== undefined)?.ca;
  const pair = all.find((tls) => tls.cert !== undefined || tls.key !== undefined);
  const handshakeFirst = all.find((tls) => tls.handshakeFirst !== undefined)?.handshakeFirst;
  const serverName = all.find((tls) => tls.serverName !== undefined)?.serverName;
  const tls: TlsSettings = {
    ...(ca === undefined ? {} : { ca }),
    ...(pair?.cert === undefined ? {} : { cert: pair.cert }),
    ...(pair?.key === undefined ? {} : { key: pair.key }),
    ...(handshakeFirst === undefined ? {} : { handshakeFirst }),
    ...(serverName === undefined ? {} : { serverName }),
  };
  return Object.keys(tls).length === 0 ? undefined : tls;
}

function addressOf(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed) return url;
  return `${parsed.hostname}:${parsed.port === "" ? "4222" : parsed.port}`;
}

/** Parsed as if it were http, which knows hosts and ports; undefined where it is no address. */
function parseUrl(url: string): URL | undefined {
  const [, , rest] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/i.exec(url.trim())!;
  // The port 80 of http would vanish.
  return URL.canParse(`x-nats://${rest}`) ? new URL(`x-nats://${rest}`) : undefined;
}

/** All that is wrong with one layer, whatever the others say. */
export function connectionProblems(settings: ConnectionSettings): Problem[] {
  return [
    ...serverProblems(settings.servers ?? []),
    ...authProblems(settings),
    ...tlsProblems(settings.tls ?? {}),
    ...timeoutProblems(settings.timeout),
    ...prefixProblems(settings),
  ];
}

function serverProblems(servers: readonly string[]): Problem[] {
  return servers.flatMap((url, index) => {
    const path = `servers[${index}]`;
    const shown = maskAddress(url);
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
    const fix = "nats://host:4222, or tls://host:4222 to insist on TLS";
    if (scheme === "ws" || scheme === "wss") {
      return [{ path, reason: `"${shown}" is a WebSocket address; resources talk to the client port`, fix }];
    }
    if (scheme !== undefined && scheme !== "nats" && scheme !== "tls") {
      return [{ path, reason: `"${shown}" has the scheme ${scheme}, which NATS does not have`, fix }];
    }
    const parsed = parseUrl(url);
    if (!parsed || parsed.hostname === "") return [{ path, reason: `"${shown}" is no address`, fix }];
    if (!/^\/?$/.test(parsed.pathname) || parsed.search !== "") {
      return [{ path, reason: `"${shown}" has more than a host and a port`, fix }];
    }
    if (decoded(parsed.username) === undefined || decoded(parsed.password) === undefined) {
      const reason = `"${shown}" has a "%" in its login that stands for no character`;
      return [{ path, reason, fix: '"%25" for a "%" in a URL' }];
    }
    return [];
  });
}

function authProblems(settings: ConnectionSettings): Problem[] {
  const { user, password, token, creds, nkeySeed, jwt } = settings;
  const problems: Problem[] = [];
  const ways = [
    ...(creds === undefined ? [] : ["creds"]),
    ...(jwt === undefined ? [] : ["jwt"]),
    ...(nkeySeed === undefined || jwt !== undefined ? [] : ["nkeySeed"]),
    ...(user === undefined ? [] : ["user"]),
    ...(token === undefined ? [] : ["token"]),
  ];
  if (ways.length > 1) {
    const reason = `${ways.join(", ")}: a connection has one identity`;
    problems.push({ path: ways[1]!, reason, fix: `keep one of them` });
  }
  if (password !== undefined && user === undefined) {
    problems.push({ path: "password", reason: "there is a password but no user", fix: 'user: "…"' });
  }
  if (creds !== undefined) {
    problems.push(...credsProblem(creds, "creds", 'give the content here, or the path as credsFile: "./user.creds"'));
  }
  if (nkeySeed !== undefined && !/^SU[A-Z2-7]{56}$/.test(nkeySeed.trim())) {
    const reason = "it is not the seed of a user nkey, which starts with SU and has 58 letters and digits";
    problems.push({ path: "nkeySeed", reason, fix: "nats.Nkey makes one; a public key (U…) is not enough" });
  }
  if (jwt !== undefined && !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt.trim())) {
    problems.push({
      path: "jwt",
      reason: "it is no JWT (three parts joined by dots)",
      fix: "a creds file goes to creds",
    });
  }
  return problems;
}

function tlsProblems(tls: TlsSettings): Problem[] {
  const problems: Problem[] = [];
  const pem = (name: "ca" | "cert" | "key", kind: RegExp, what: string): void => {
    if (tls[name] === undefined || kind.test(tls[name])) return;
    const fix = `give the content here, or the path as tls.${name}File`;
    problems.push({ path: `tls.${name}`, reason: `it is not ${what} in PEM`, fix });
  };
  pem("ca", /-----BEGIN (TRUSTED )?CERTIFICATE-----/, "a certificate");
  pem("cert", /-----BEGIN (TRUSTED )?CERTIFICATE-----/, "a certificate");
  pem("key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key");
  if (tls.key !== undefined && /ENCRYPTED/.test(tls.key)) {
    problems.push({ path: "tls.key", reason: "the key is encrypted", fix: "openssl pkey -in key.pem -out plain.pem" });
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    const [there, missing] = tls.cert === undefined ? ["key", "cert"] : ["cert", "key"];
    problems.push({ path: `tls.${there}`, reason: `a client certificate needs both parts`, fix: `tls.${missing}: …` });
  }
  return problems;
}

function timeoutProblems(timeout: string | undefined): Problem[] {
  if (timeout === undefined) return [];
  try {
    if (parseDuration(timeout) >= 1_000_000n) return [];
    return [{ path: "timeout", reason: `"${timeout}" is too short for any answer`, fix: 'timeout: "5s"' }];
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return [{ path: "timeout", reason: error.message, fix: error.fix ?? 'timeout: "5s"' }];
  }
}

function prefixProblems({ jsDomain, jsApiPrefix, inboxPrefix }: ConnectionSettings): Problem[] {
  const problems: Problem[] = [];
  if (jsDomain !== undefined && jsApiPrefix !== undefined) {
    const reason = `a domain is a prefix too ("$JS.${jsDomain}.API")`;
    problems.push({ path: "jsApiPrefix", reason, fix: "keep one of jsDomain and jsApiPrefix" });
  }
  for (const [path, subject] of Object.entries({ jsDomain, jsApiPrefix, inboxPrefix })) {
    if (subject !== undefined && !/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subject)) {
      const reason = `"${subject}" is no subject prefix: it has an empty token, a space or a wildcard`;
      problems.push({ path, reason, fix: `${path}: "${path === "inboxPrefix" ? "_INBOX_app" : "hub"}"` });
    }
  }
  return problems;
}
