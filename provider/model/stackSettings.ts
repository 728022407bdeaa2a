import type { Problem } from "../errors";
import { meantName } from "./unknownProperty";

/** Names of the settings of a provider, and of the stack's configuration with "nats:" before them. */
export const settingNames = [
  "servers",
  "context",
  "user",
  "password",
  "token",
  "creds",
  "credsFile",
  "nkeySeed",
  "jwt",
  "tls",
  "jsDomain",
  "jsApiPrefix",
  "inboxPrefix",
  "timeout",
  "name",
  "through",
] as const;

const aliases: Readonly<Record<string, string>> = {
  url: "servers",
  urls: "servers",
  address: "servers",
  username: "user",
  pass: "password",
  nkey: "nkeySeed",
  seed: "nkeySeed",
  credentials: "creds",
  domain: "jsDomain",
  ...Object.fromEntries(["ca", "caFile", "cert", "certFile", "key", "keyFile"].map((name) => [name, `tls.${name}`])),
};

const secrets: ReadonlySet<string> = new Set(["password", "token", "creds", "nkeySeed", "jwt", "tls.key"]);

/**
 * What is wrong with the stack's settings of the namespace "nats". One that is nearly another is an error, since the connection would
 * go elsewhere than was meant; what is like none of them may be another package's. A project "nats" has its own settings there.
 */
export function stackSettingProblems(keys: readonly string[], project: string): Problem[] {
  return keys.flatMap((key): Problem[] => {
    const name = /^nats:(.+)$/.exec(key)?.[1];
    if (name === undefined || settingNames.some((known) => known === name)) return [];
    const meant = meantName(name, settingNames, aliases);
    const reason = `there is no setting "${key}" of pulumi-nats, so nothing reads it`;
    if (meant !== undefined) {
      const flags = `${meant.includes(".") ? "--path " : ""}${secrets.has(meant) ? "--secret " : ""}`;
      const better = `pulumi config rm ${key} && pulumi config set ${flags}nats:${meant} …`;
      return [{ path: key, reason, fix: better, ...(project === "nats" ? { severity: "warning" } : {}) }];
    }
    return project === "nats" ? [] : [{ path: key, reason, fix: `pulumi config rm ${key}`, severity: "warning" }];
  });
}
