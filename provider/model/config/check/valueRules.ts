import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { maskAddress } from "../../../redact";
import { parseGoDuration } from "../../units";
import { plainText } from "./context";
import type { CheckContext } from "./context";
import { nkeyKind } from "./nkeyKind";
import type { NkeyKind } from "./nkeyKind";
import type { Rule } from "./rules";
import { checkUrl, durationProblem } from "./scalars";
import { isValidSubject } from "./subjects";

const noSpaces: Rule = (value, path, context) => {
  if (typeof value === "string" && value.includes(" "))
    context.error(path, `"${value}" has a space, which a name can't have`, JSON.stringify(value.replaceAll(" ", "-")));
};
const fitsInt32 = range(undefined, 2n ** 31n - 1n);
const writeTimeout = words("default", "close", "retry");

/** Rules on single values, by `=` and place. */
export const valueRules: Readonly<Record<string, Rule>> = {
  "=server_name": noSpaces,
  "=cluster.name": noSpaces,
  "=gateway.name": noSpaces,
  "=max_payload": fitsInt32,
  "=max_control_line": fitsInt32,
  "=max_subscription_tokens": range(1n, 255n),
  "=mqtt.max_ack_pending": range(0n, 65535n),
  "=jetstream.max_concurrent_io": range(4n, 8192n),
  "=jetstream.meta_compact": range(0n),
  "=jetstream.meta_compact_size": notNegativeSize,
  "=write_timeout": writeTimeout,
  "=cluster.write_timeout": writeTimeout,
  "=gateway.write_timeout": writeTimeout,
  "=leafnodes.write_timeout": writeTimeout,
  "=lame_duck_duration": between("30s"),
  "=lame_duck_grace_period": between("0s"),
  "=cluster.ping_interval": between(undefined, "30s"),
  "=authorization.timeout": highTimeout,
  "=cluster.authorization.timeout": highTimeout,
  "=gateway.authorization.timeout": highTimeout,
  "=leafnodes.authorization.timeout": highTimeout,
  "=mqtt.consumer_replicas": (_, path, context) =>
    context.testError(path, "the server ignores it, with a warning", "leave it out"),
  "=jetstream": enabledWord,
  "=accounts.*.jetstream": enabledWord,
  "=jetstream.cipher": words("chacha", "chachapoly", "aes"),
  "=jetstream.tpm.cipher": words("chacha", "chachapoly", "aes"),
  "=accounts.*.jetstream.cluster_traffic": (value, path, context) => {
    if (value !== "") exactly(["system", "owner"], value, path, context);
  },
  "=ocsp.mode": words("always", "must", "never", "auto"),
  "=ocsp_cache.type": words("none", "local"),
  "=ocsp.urls": (_, path, context) => context.error(path, "no list of URLs is read here by any server", "url"),
  "=leafnodes.min_version": minVersion,
  "=gateway.gateways[].url": url,
  "=leafnodes.remotes[].proxy.tls.timeout": (value, path, context) => {
    if (plainText(value).startsWith("-")) context.error(path, "is less than 0", '"2s"');
  },
  "=resolver_preload": (value, path, context) => {
    for (const [key, jwt] of isConfMap(value) ? value : [])
      if (!isAccountJwt(plainText(jwt))) context.error(joinPath(path, key), "is not an account's JWT");
  },
  "=leafnodes.remotes[].nkey": nkey("user seed", true),
  "=leafnodes.remotes[].deny_imports": subjects(false),
  "=leafnodes.remotes[].deny_exports": subjects(false),
  "=leafnodes.authorization.nkey": nkey("user"),
  "=authorization.auth_callout.issuer": nkey("account"),
  "=authorization.auth_callout.xkey": nkey("curve"),
  "=accounts.*.nkey": nkey("account"),
  "=trusted_keys": (value, path, context) => {
    for (const [index, key] of (isConfList(value) ? value : [value]).entries())
      nkey("operator")(key, isConfList(value) ? joinPath(path, index) : path, context);
  },
  "=proxies.trusted[].key": (value, path, context) => {
    const kind = typeof value === "string" ? nkeyKind(value) : undefined;
    if (!kind || kind.endsWith("seed")) context.error(path, "is not a public nkey");
  },
  "=resolver": (value, path, context) => {
    if (typeof value !== "string" || /mem/i.test(value)) return;
    if (!/url/i.test(value)) return context.error(path, `"${maskAddress(value)}" is no resolver`, "MEMORY");
    checkUrl(/url\(\s*"?([^\s"]*)"?\s*\)/i.exec(value)?.[1] ?? "", path, context);
  },
  "=resolver.ttl": duration,
  "=resolver.interval": duration,
  "=resolver.timeout": duration,
};

export function subjects(queues: boolean): Rule {
  return (value, path, context) => {
    for (const [index, subject] of (isConfList(value) ? value : [value]).entries()) {
      if (typeof subject !== "string" || isValidSubject(subject)) continue;
      const [name, queue, ...more] = subject.split(/\s+/).filter((word) => word !== "");
      if (queues && queue !== undefined && more.length === 0 && isValidSubject(name!) && isValidSubject(queue))
        continue;
      context.error(isConfList(value) ? joinPath(path, index) : path, `"${subject}" is not a valid subject`);
    }
  };
}

function range(least: bigint | undefined, most?: bigint): Rule {
  return (value, path, context) => {
    if (typeof value !== "bigint") return;
    if (most !== undefined && value > most) context.error(path, `${value} is more than ${most}`, String(most));
    if (least !== undefined && value < least) context.error(path, `${value} is less than ${least}`, String(least));
  };
}

function notNegativeSize(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "bigint" ? value < 0n : typeof value === "string" && value.startsWith("-"))
    context.error(path, "is less than 0", "0");
}

function words(...known: string[]): Rule {
  return (value, path, context) =>
    exactly(known, typeof value === "string" && known[0] !== "default" ? value.toLowerCase() : value, path, context);
}

function exactly(known: readonly string[], value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string" && !known.includes(value))
    context.error(path, `"${value}" is none of ${known.join(", ")}`, `"${known[0]!}"`);
}

function enabledWord(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string")
    exactly(["enabled", "disabled", "enable", "disable"], value.toLowerCase(), path, context);
}

function between(least?: string, most?: string): Rule {
  return (value, path, context) => {
    if (typeof value !== "string" || durationProblem(value)) return;
    const span = parseGoDuration(value);
    if (least && span < parseGoDuration(least)) context.error(path, `"${value}" is less than ${least}`, `"${least}"`);
    if (most && span > parseGoDuration(most))
      context.error(path, `"${value}" is more than ${most}, the longest that the server takes`, `"${most}"`);
  };
}

/** Looks like the JWT of an account; its signature is the server's to check. */
function isAccountJwt(text: string): boolean {
  const [header, body, signature, ...more] = text.split(".");
  if (!header || !body || !signature || more.length > 0) return false;
  try {
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as { nats?: { type?: unknown } } | null;
    return claims?.nats?.type === "account";
  } catch {
    return false;
  }
}

function highTimeout(value: ConfValue, path: string, context: CheckContext): void {
  const seconds = typeof value === "string" ? Number(parseGoDuration(value)) / 1e9 : Number(value);
  if (seconds <= 60) return;
  const meant = typeof value === "bigint" && value % 1_000_000n === 0n ? `"${value / 1_000_000n}m"` : '"60s"';
  const shown = typeof value === "string" ? value : `${plainText(value)} seconds`;
  context.testError(path, `${shown} is more than a minute, which the server warns of`, meant);
}

function minVersion(value: ConfValue, path: string, context: CheckContext): void {
  const match =
    typeof value === "string"
      ? /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(value)
      : undefined;
  if (!match) return context.error(path, `"${plainText(value)}" is not a version`, '"2.8.0"');
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < 2 || (major === 2 && minor < 8)) context.error(path, `"${plainText(value)}" is below 2.8.0`, '"2.8.0"');
}

function url(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string") checkUrl(value, path, context);
}

function duration(value: ConfValue, path: string, context: CheckContext): void {
  const problem = typeof value === "string" ? durationProblem(value) : undefined;
  if (problem) context.error(path, problem.message, problem.fix);
}

function nkey(kind: NkeyKind, secret = false): Rule {
  return (value, path, context) => {
    if (typeof value !== "string") return;
    const found = nkeyKind(value);
    if (found === kind) return;
    const article = /^[aeiou]/.test(kind) ? "an" : "a";
    const wanted = secret ? `${article} nkey seed of a user (SU…)` : `${article} ${kind}'s public nkey`;
    context.error(path, `is ${found ? `a ${found}'s nkey` : "no nkey"}, not ${wanted}`);
  };
}
