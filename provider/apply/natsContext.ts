import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { NatsError } from "../errors";
import type { ConnectionSettings } from "../model/connection";
import { present } from "../model/present";
import { readSettingFile } from "./settingFile";

/** Members of a context file of the nats CLI that say how to connect. */
interface ContextFile {
  readonly url?: string;
  readonly socks_proxy?: string;
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
  readonly creds?: string;
  readonly nkey?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly nsc?: string;
  readonly jetstream_domain?: string;
  readonly jetstream_api_prefix?: string;
  readonly inbox_prefix?: string;
  readonly user_jwt?: string;
  readonly user_seed?: string;
  readonly tls_first?: boolean;
  readonly windows_cert_store?: string;
}

/** The context that `nats context select` chose, if any. */
export function selectedContext(environment: NodeJS.ProcessEnv): string | undefined {
  const file = path.join(contextFolder(environment), "..", "context.txt");
  const name = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return name === "" ? undefined : name;
}

/** A context of the nats CLI by name, or by the path of its .json file. */
export function readContext(name: string, environment: NodeJS.ProcessEnv): ConnectionSettings {
  const file = contextFile(name, environment);
  if (!existsSync(file)) {
    throw new NatsError(`there is no context "${name}" of the nats CLI: ${file} does not exist. Fix: nats context ls`);
  }
  let context: ContextFile;
  try {
    context = JSON.parse(readFileSync(file, "utf8")) as ContextFile;
  } catch {
    // JSON.parse quotes what it can't read, which may be a password.
    throw new NatsError(`context "${name}": ${file} is not readable as JSON. Fix: nats context edit ${name}`);
  }
  return settingsOf(name, context, environment);
}

function settingsOf(name: string, context: ContextFile, environment: NodeJS.ProcessEnv): ConnectionSettings {
  for (const unsupported of ["nsc", "socks_proxy", "windows_cert_store"] as const) {
    if ((context[unsupported] ?? "") === "") continue;
    const fix = unsupported === "nsc" ? "write creds into the context: nats context edit" : "use a context without it";
    throw new NatsError(`context "${name}" uses ${unsupported}, which pulumi-nats does not follow. Fix: ${fix}`);
  }
  const text = (key: keyof ContextFile): string | undefined => {
    const value = context[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const content = (key: keyof ContextFile): string | undefined => {
    const value = text(key);
    return value === undefined
      ? undefined
      : readSettingFile(expandPath(value, environment), `${key} of context "${name}"`);
  };
  const [ca, cert, key] = [content("ca"), content("cert"), content("key")];
  const tls = {
    ...present({ ca, cert, key }),
    ...(context.tls_first === true ? { handshakeFirst: true } : {}),
  };
  const { creds, nkey } = { creds: content("creds"), nkey: content("nkey") };
  return present({
    servers: text("url")?.split(","),
    ...identityOf({
      user: text("user"),
      password: text("password"),
      token: text("token"),
      creds,
      nkey,
      jwt: text("user_jwt"),
    }),
    jwtSeed: text("user_jwt") === undefined ? undefined : text("user_seed"),
    tls: Object.keys(tls).length === 0 ? undefined : tls,
    jsDomain: text("jetstream_domain"),
    jsApiPrefix: text("jetstream_api_prefix"),
    inboxPrefix: text("inbox_prefix"),
  });
}

interface Identities {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly creds: string | undefined;
  readonly nkey: string | undefined;
  readonly jwt: string | undefined;
}

/** Where a context has several identities, the nats CLI takes the first of this order. */
function identityOf({ user, password, token, creds, nkey, jwt }: Identities): ConnectionSettings {
  if (user !== undefined) return { user, password: password ?? "" };
  if (creds !== undefined) return { creds };
  if (nkey !== undefined) return { nkeySeed: nkey.trim() };
  if (jwt !== undefined) return { jwt };
  return token === undefined ? {} : { token };
}

function contextFolder(environment: NodeJS.ProcessEnv): string {
  const parent = environment["XDG_CONFIG_HOME"] || path.join(homedir(), ".config");
  return path.join(parent, "nats", "context");
}

function contextFile(name: string, environment: NodeJS.ProcessEnv): string {
  if (name.endsWith(".json") && existsSync(name)) return path.resolve(name);
  if (/[/\\]|\.\./.test(name)) {
    throw new NatsError(`"${name}" is no name of a context, and no .json file. Fix: nats context ls`);
  }
  return path.join(contextFolder(environment), `${name}.json`);
}

/** `~` and `$VARIABLE`, as the nats CLI expands them in paths. */
export function expandPath(file: string, environment: NodeJS.ProcessEnv): string {
  const expanded = file.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced: string, bare: string) => environment[braced ?? bare] ?? "",
  );
  return expanded.startsWith("~") ? homedir() + expanded.slice(1) : expanded;
}
