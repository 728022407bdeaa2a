import * as pulumi from "@pulumi/pulumi";
import { ProblemsError } from "../errors";
import { duration, either, flag, having, input, listOf, objectOf, secretText, text, usable } from "../model/argument";
import { connectionProblems } from "../model/connection";
import type { TlsSettings } from "../model/connection";
import type { Through } from "../model/through";
import type { Duration } from "../model/units";
import { refuseSettings } from "./refuseSettings";

/** TLS of a {@link Provider}'s connection. Give contents (PEM), or paths of files, which are read where `pulumi` runs. */
export interface ProviderTlsArgs {
  /** CA that signed the servers' certificates, in PEM. Default: the CAs that this machine trusts. */
  readonly ca?: pulumi.Input<string>;
  /** Path of `ca`. */
  readonly caFile?: pulumi.Input<string>;
  /** Client certificate in PEM, where the servers verify clients; with `key`. */
  readonly cert?: pulumi.Input<string>;
  /** Path of `cert`. */
  readonly certFile?: pulumi.Input<string>;
  /** Private key of `cert` in PEM, not encrypted. A secret: it is stored encrypted. */
  readonly key?: pulumi.Input<string>;
  /** Path of `key`. */
  readonly keyFile?: pulumi.Input<string>;
  /** The servers' listener has `handshake_first: true`: TLS starts before anything else. Default false. */
  readonly handshakeFirst?: pulumi.Input<boolean>;
  /** Name that the servers' certificates must be for, where it differs from the address. Default: the address. */
  readonly serverName?: pulumi.Input<string>;
}

/** Arguments of {@link Provider}. A change of any of them updates the provider only; no resource shows a difference. */
export interface ProviderArgs {
  /**
   * Where to connect: `nats://host:4222`, or `tls://host:4222` to insist on TLS; one, several, or several in one text with commas
   * between. The port 4222 may be left out. Default: `nats:servers` of the stack, NATS_URL, the selected context of the nats CLI,
   * else `nats://127.0.0.1:4222`.
   *
   * A provider that names servers is complete in itself: credentials for them come from its own arguments, never from the stack's
   * configuration or the environment, so that no password travels to a server that it was not meant for.
   */
  readonly servers?: pulumi.Input<string> | pulumi.Input<pulumi.Input<string>[]>;
  /** A context of the nats CLI, by name or by the path of its file. What is given beside it goes before it. Default: NATS_CONTEXT. */
  readonly context?: pulumi.Input<string>;
  /** Content of a creds file (JWT and seed). A secret. Excludes the other identities. */
  readonly creds?: pulumi.Input<string>;
  /** Path of a creds file, read where `pulumi` runs; the content never gets into the state. Default: NATS_CREDS. */
  readonly credsFile?: pulumi.Input<string>;
  /** User name, with `password`. Default: NATS_USER. */
  readonly user?: pulumi.Input<string>;
  /** Password of `user`. A secret. Default: NATS_PASSWORD. */
  readonly password?: pulumi.Input<string>;
  /** Token. A secret. Excludes the other identities. Default: NATS_TOKEN. */
  readonly token?: pulumi.Input<string>;
  /** Seed of a user nkey (SU…), alone or as the key of `jwt`. A secret. Default: the file NATS_NKEY. */
  readonly nkeySeed?: pulumi.Input<string>;
  /** User JWT, with `nkeySeed`. A secret. Default: NATS_JWT with NATS_SEED. */
  readonly jwt?: pulumi.Input<string>;
  /** Trust and client certificate. Default: NATS_CA, NATS_CERT and NATS_KEY. */
  readonly tls?: ProviderTlsArgs;
  /** JetStream domain: requests go to `$JS.<domain>.API`. Excludes `jsApiPrefix`. Default: the account's own. */
  readonly jsDomain?: pulumi.Input<string>;
  /** Prefix of JetStream's interface where it is imported under another name, such as "JS.hub.API". Default "$JS.API". */
  readonly jsApiPrefix?: pulumi.Input<string>;
  /** Prefix of reply subjects, for users that may not subscribe to `_INBOX.>`. Default "_INBOX". */
  readonly inboxPrefix?: pulumi.Input<string>;
  /** Longest wait for the connection, and for each answer; a Go duration. Default "5s", or NATS_TIMEOUT. */
  readonly timeout?: pulumi.Input<Duration>;
  /** Name of the connection in the servers' lists (`nats server report connections`). Default "pulumi-nats". */
  readonly name?: pulumi.Input<string>;
  /**
   * The cluster (or supercluster) whose servers `servers` are, where this machine can't dial them: its hosts are then reached by
   * ssh, its pods by a port-forward of the Kubernetes API. Addresses stay what they are. Through a supercluster resources wait until
   * its regions are linked. Default: dialled directly.
   */
  readonly through?: Reachable;
}

/** What knows how its servers are reached from here: a cluster or a supercluster. */
export interface Reachable {
  /** The way; undefined where the servers can be dialled directly. */
  readonly through: pulumi.Output<Through | undefined>;
}

/**
 * How resources reach NATS: servers, credentials, TLS. Give it to resources as `{ provider }`, or to a component as
 * `{ providers: [provider] }`; what is secret in it is stored encrypted. Without one, resources use the stack's configuration
 * (`pulumi config set nats:servers …`, `pulumi config set --secret nats:creds …`), then the environment as the nats CLI reads it
 * (NATS_URL, NATS_CREDS, NATS_CONTEXT, NATS_USER, …), then the context that `nats context select` chose.
 *
 * Rotating credentials is an update of this one resource.
 *
 * @example
 * ```ts
 * const provider = new nats.Provider("payments", { servers: east.urls, creds: billing.creds });
 * new nats.Stream("ORDERS", { subjects: ["orders.>"] }, { provider });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, options?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, settingsOf(name, args), options);
  }
}

const secrets = new Set(["creds", "password", "token", "nkeySeed", "jwt"]);
const identities = ["creds", "credsFile", "user", "password", "token", "nkeySeed", "jwt"] as const;

/** The settings as the provider process finds them in its configuration: texts in the namespace "nats". */
function settingsOf(name: string, given: ProviderArgs): pulumi.Inputs {
  refuse(name, given);
  const { through, ...args } = given;
  const { servers, tls, ...rest } = args;
  const settings: pulumi.Inputs = { "nats:provider": name };
  if (servers !== undefined) settings["nats:servers"] = textOf(servers, serversText);
  if (tls !== undefined) settings["nats:tls"] = textOf(tls, JSON.stringify, (members) => members.key !== undefined);
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined) settings[`nats:${key}`] = textOf(value, String, () => secrets.has(key));
  }
  if (through !== undefined) {
    settings["nats:through"] = pulumi.secret(through.through.apply((way) => (way ? JSON.stringify(way) : "")));
  }
  return { ...stackSettings(args), ...settings };
}

/** What the arguments leave open, from the stack's configuration: the process of an explicit provider does not get that. */
function stackSettings(args: ProviderArgs): pulumi.Inputs {
  refuseSettings();
  const config = new pulumi.Config("nats");
  const whole = args.servers === undefined && args.context === undefined;
  const anonymous = identities.every((key) => args[key] === undefined);
  const open = [
    ...(whole ? (["servers", "context"] as const) : []),
    ...(whole && anonymous ? identities : []),
    ...(["tls", "jsDomain", "jsApiPrefix", "inboxPrefix", "timeout", "name"] as const).filter(
      (key) => args[key] === undefined,
    ),
  ];
  const settings: pulumi.Inputs = {};
  for (const key of open) {
    const secret = secrets.has(key) || key === "tls";
    const value = secret ? config.getSecret(key) : config.get(key);
    if (value !== undefined) settings[`nats:${key}`] = value;
  }
  return settings;
}

function textOf<Value>(
  value: pulumi.Input<Value>,
  text: (value: pulumi.Unwrap<Value>) => string,
  isSecret: (value: pulumi.Unwrap<Value>) => boolean = () => false,
): pulumi.Output<string> {
  return pulumi.output(value).apply((known) => {
    const result = text(known);
    const hide = isSecret(known) || /\/\/[^/,\s]*@/.test(result);
    return hide ? pulumi.secret(result) : pulumi.output(result);
  });
}

function serversText(servers: string | readonly string[]): string {
  return typeof servers === "string" ? servers : servers.join(",");
}

/**
 * All that can be told before anything runs. What becomes known only later is checked by the provider's process: an error in
 * the midst of a running program would not stop the engine from deleting what the program did not come to.
 */
function refuse(name: string, args: ProviderArgs): void {
  // A setting that nobody reads would let the connection go elsewhere than the program says.
  const wrong = shape(args, "");
  const { servers, tls, through: _through, ...rest } = usable(args ?? {}, wrong);
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) settings[key] = plainOr(stand[key], value);
  const list = typeof servers === "string" ? servers.split(",").map((one) => one.trim()) : servers;
  if (Array.isArray(list) && list.every((one) => typeof one === "string")) settings["servers"] = list;
  if (tls !== undefined) settings["tls"] = tlsToCheck(tls);
  const problems = [...wrong, ...connectionProblems(settings)];
  if (rest.credsFile !== undefined && rest.creds !== undefined) {
    problems.push({ path: "credsFile", reason: "creds is given too", fix: "keep one of them" });
  }
  if (problems.length > 0) throw new ProblemsError(`nats.Provider "${name}"`, problems);
}

const shape = objectOf<ProviderArgs>(
  {
    servers: input(either(listOf(input(text)), text)),
    context: input(text),
    creds: input(secretText),
    credsFile: input(text),
    user: input(text),
    password: input(secretText),
    token: input(secretText),
    nkeySeed: input(secretText),
    jwt: input(secretText),
    tls: input(
      objectOf<ProviderTlsArgs>({
        ca: input(text),
        caFile: input(text),
        cert: input(text),
        certFile: input(text),
        key: input(secretText),
        keyFile: input(text),
        handshakeFirst: input(flag),
        serverName: input(text),
      }),
    ),
    jsDomain: input(text),
    jsApiPrefix: input(text),
    inboxPrefix: input(text),
    timeout: input(duration),
    name: input(text),
    through: having("a cluster", ["through"], "through: cluster (the nats.Cluster)"),
  },
  { aliases: { url: "servers", domain: "jsDomain", nkey: "nkeySeed" } },
);

/** What passes for a value that is not known yet, where being there matters already. */
const certificate = "-----BEGIN CERTIFICATE-----";
const stand: Readonly<Record<string, string>> = {
  creds: "-----BEGIN NATS USER JWT----- -----BEGIN USER NKEY SEED-----",
  user: "user",
  password: "password",
  token: "token",
  nkeySeed: `SU${"A".repeat(56)}`,
  jwt: "a.b.c",
};

function plainOr(standIn: string | undefined, value: unknown): unknown {
  return pulumi.Output.isInstance(value) || value instanceof Promise ? standIn : value;
}

/** A file stands for the content that it will have. */
function tlsToCheck(tls: ProviderTlsArgs): TlsSettings {
  const member = (standIn: string, content: unknown, file: unknown): unknown =>
    content === undefined ? (file === undefined ? undefined : standIn) : plainOr(standIn, content);
  return {
    ca: member(certificate, tls.ca, tls.caFile),
    cert: member(certificate, tls.cert, tls.certFile),
    key: member("-----BEGIN PRIVATE KEY-----", tls.key, tls.keyFile),
  } as TlsSettings;
}
