import { NatsError, ProblemsError } from "../errors";
import type { Problem } from "../errors";
import { connectionProblems, mergeConnection } from "../model/connection";
import { isObject } from "../model/exactJson";
import type { Through } from "../model/through";
import type { ConnectionModel, ConnectionSettings, SettingsLayer } from "../model/connection";
import type { settingNames } from "../model/stackSettings";
import { unknownProperty } from "../model/unknownProperty";
import { readSettingFile } from "./settingFile";
import { expandPath, readContext, selectedContext } from "./natsContext";

type Settings = ReadonlyMap<string, string>;

/**
 * Everything that a connection needs, from: the settings of the explicit provider, or the stack's (`nats:servers`, …) for the default
 * one, or of what `origin` says; then the environment, as the nats CLI reads it; and when none names servers, the context that `nats context select` chose.
 */
export function resolveConnection(config: Settings, environment: NodeJS.ProcessEnv = process.env): ConnectionModel {
  const explicit = config.get("provider");
  const layers = [
    ...(explicit === undefined
      ? layersOf(config.get("origin") ?? "the stack's configuration", config, 2, environment)
      : layersOf(`nats.Provider "${explicit}"`, config, 1, environment)),
    ...environmentLayers(environment),
  ];
  const selected = layers.some(({ settings }) => settings.servers) ? undefined : selectedContext(environment);
  if (selected !== undefined) layers.push(contextLayer(selected, 3, environment, `, which is selected`));
  const problems = layers.flatMap(({ origin, settings }) =>
    connectionProblems(settings).map((problem) => ({ ...problem, reason: `${problem.reason} (from ${origin})` })),
  );
  if (problems.length > 0) throw new ProblemsError("the connection to NATS is not usable", problems);
  return mergeConnection(layers);
}

function layersOf(origin: string, config: Settings, scope: number, environment: NodeJS.ProcessEnv): SettingsLayer[] {
  const get = (name: (typeof settingNames)[number]): string | undefined => config.get(name) || undefined;
  const credsFile = get("credsFile");
  const creds =
    get("creds") ?? (credsFile && readSettingFile(expandPath(credsFile, environment), `credsFile of ${origin}`));
  const servers = serverList(get("servers"), `servers of ${origin}`);
  const tls = tlsOf(get("tls"), origin, environment);
  const settings: Record<string, unknown> = {
    ...(servers ? { servers } : {}),
    ...(creds ? { creds } : {}),
    ...(tls ? { tls } : {}),
    ...(get("through") ? { through: JSON.parse(get("through")!) as Through } : {}),
  };
  for (const name of [
    "user",
    "password",
    "token",
    "jsDomain",
    "jsApiPrefix",
    "inboxPrefix",
    "timeout",
    "name",
  ] as const) {
    if (get(name) !== undefined) settings[name] = get(name);
  }
  for (const name of ["nkeySeed", "jwt"] as const) if (get(name) !== undefined) settings[name] = get(name)!.trim();
  const context = get("context");
  return [
    ...(Object.keys(settings).length > 0 ? [{ origin, settings: settings as ConnectionSettings, scope }] : []),
    ...(context === undefined ? [] : [contextLayer(context, scope, environment, ` of ${origin}`)]),
  ];
}

function contextLayer(name: string, scope: number, environment: NodeJS.ProcessEnv, why: string): SettingsLayer {
  return { origin: `context "${name}"${why}`, settings: readContext(name, environment), scope };
}

/** One URL, several with commas between, or a JSON list. */
function serverList(text: string | undefined, what: string): string[] | undefined {
  if (text === undefined) return undefined;
  const list = text.trim().startsWith("[") ? jsonOf(text) : text.split(",");
  if (!Array.isArray(list) || !list.every((server) => typeof server === "string")) {
    throw new NatsError(`${what} begins with "[" and is no JSON list of URLs. Fix: ["nats://a:4222","nats://b:4222"]`);
  }
  const servers = list.map((server) => server.trim()).filter((server) => server !== "");
  return servers.length === 0 ? undefined : servers;
}

const tlsMembers = ["ca", "cert", "key", "caFile", "certFile", "keyFile", "handshakeFirst", "serverName"];

function tlsOf(text: string | undefined, origin: string, environment: NodeJS.ProcessEnv): ConnectionSettings["tls"] {
  if (text === undefined) return undefined;
  const members = jsonOf(text);
  if (!isObject(members)) {
    const fix = "pulumi config set --path nats:tls.caFile ./ca.pem";
    throw new NatsError(`tls of ${origin} is no object. Fix: ${fix}`);
  }
  const problems: Problem[] = Object.keys(members)
    .filter((name) => !tlsMembers.includes(name))
    .map((name) => unknownProperty(name, "tls", tlsMembers));
  if (problems.length > 0) throw new ProblemsError(`tls of ${origin}`, problems);
  const tls: Record<string, unknown> = {};
  for (const name of ["ca", "cert", "key"]) {
    const [content, file] = [members[name], members[`${name}File`]];
    if (typeof content === "string" && content !== "") tls[name] = content;
    else if (typeof file === "string" && file !== "") {
      tls[name] = readSettingFile(expandPath(file, environment), `tls.${name}File of ${origin}`);
    }
  }
  const first = members["handshakeFirst"];
  if (first !== undefined) tls["handshakeFirst"] = first === true || first === "true";
  if (typeof members["serverName"] === "string") tls["serverName"] = members["serverName"];
  return tls;
}

/** Undefined where it is no JSON; what a parser says of it would quote the text, and with it a password. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The variables of the nats CLI, with its meaning: NATS_USER without NATS_PASSWORD is a token, NATS_CREDS and the like are files. */
function environmentLayers(environment: NodeJS.ProcessEnv): SettingsLayer[] {
  const get = (name: string): string | undefined => environment[name] || undefined;
  const content = (name: string): string | undefined => {
    const file = get(name);
    return file === undefined ? undefined : readSettingFile(expandPath(file, environment), name);
  };
  if (get("NATS_SOCKS_PROXY") !== undefined) {
    throw new NatsError(
      "NATS_SOCKS_PROXY is set, and pulumi-nats does not connect through a SOCKS proxy. Fix: unset NATS_SOCKS_PROXY, or forward a port: ssh -L 4222:<server>:4222",
    );
  }
  const [ca, cert, key] = [content("NATS_CA"), content("NATS_CERT"), content("NATS_KEY")];
  const tls = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const user = get("NATS_USER");
  const password = get("NATS_PASSWORD");
  const named = user !== undefined && password === undefined ? { token: user } : { user, password };
  const all = {
    servers: serverList(get("NATS_URL"), "NATS_URL"),
    token: get("NATS_TOKEN"),
    ...named,
    creds: content("NATS_CREDS"),
    nkeySeed: content("NATS_NKEY")?.trim(),
    jwt: get("NATS_JWT"),
    jwtSeed: get("NATS_JWT") === undefined ? undefined : get("NATS_SEED"),
    tls: Object.keys(tls).length > 0 ? tls : undefined,
    timeout: get("NATS_TIMEOUT"),
  };
  const settings = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const context = get("NATS_CONTEXT");
  return [
    ...(Object.keys(settings).length > 0 ? [{ origin: "the environment (NATS_…)", settings, scope: 2 }] : []),
    ...(context === undefined ? [] : [contextLayer(context, 2, environment, " of NATS_CONTEXT")]),
  ];
}
