import type { ConfValue } from "../../../conf/value";
import { isConfList } from "../../../conf/value";
import type { KeyFact } from "../../facts";
import { joinPath } from "../../../conf/path";
import { maskAddress } from "../../../redact";
import { parseGoDuration, UnitError } from "../../units";
import { kindOf } from "./context";
import type { CheckContext } from "./context";
import { urlProblem } from "./urlProblem";

/** Checks a value as the server's parser judges a key of this fact. Returns false when it said what is wrong. */
export function checkScalar(value: ConfValue, fact: KeyFact, path: string, context: CheckContext): boolean {
  const before = context.problems.length;
  const check = exceptions[fact.path.replace(/^.*\./, "")] ?? checks[fact.type] ?? checkText;
  check(value, path, context, fact);
  return context.problems.length === before;
}

type Check = (value: ConfValue, path: string, context: CheckContext, fact: KeyFact) => void;

/** Keys whose values the parser takes in more forms than their type says; rules look at the rest. */
const exceptions: Readonly<Record<string, Check>> = {
  accounts: (value, path, context, fact) => {
    if (fact.path === "cluster.accounts") textOrList(value, path, context, fact);
    else if (fact.path.includes("exports")) eachText(value, path, context, false);
  },
  allowed_connection_types: textOrList,
  ca_certs_match: (value, path, context, fact) => {
    if (isConfList(value)) textOrList(value, path, context, fact);
  },
  handshake_first: () => undefined,
  consumer_replicas: () => undefined,
  url: (value, path, context, fact) => {
    if (fact.path !== "leafnodes.remotes[].url") checkText(value, path, context);
  },
  urls: (value, path, context, fact) => {
    if (fact.path !== "leafnodes.remotes[].urls") eachText(value, path, context, true);
  },
};

const checks: Readonly<Record<string, Check>> = {
  bool: checkBool,
  int: checkInt,
  size: checkSize,
  duration: checkDuration,
  "duration|always": (value, path, context) => {
    if (!(typeof value === "string" && value.toLowerCase() === "always")) checkDuration(value, path, context);
  },
  "duration|number(s)": checkSeconds,
  "number(s)|duration": checkSeconds,
  "duration|int(s)": (value, path, context) => {
    if (typeof value !== "bigint") checkDuration(value, path, context);
  },
  "number(s)": () => undefined,
  "int|percent": () => undefined,
  "int|percent|headers": () => undefined,
  "host:port|int": checkListen,
  "list<url>": (value, path, context) => eachText(value, path, context, true),
  "list<duration>": (value, path, context) => {
    if (!isConfList(value)) return context.error(path, `${kindOf(value)} stands where a list is expected`, "[ … ]");
    value.forEach((member, index) => checkDuration(member, joinPath(path, index), context));
  },
  "list<hex>": (value, path, context) => eachText(value, path, context, false),
  "list<string>": (value, path, context) => eachText(value, path, context, false),
  "list<enum>": (value, path, context) => eachText(value, path, context, false),
  "list<account>": (value, path, context) => eachText(value, path, context, false),
  "string|list": textOrList,
  "subject|list": textOrList,
  "account|list": textOrList,
  "nkey|list": textOrList,
  "path or JWT|list": textOrList,
};

function checkText(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string") return;
  const fix =
    typeof value === "bigint" || typeof value === "number" || typeof value === "boolean" ? `"${value}"` : undefined;
  context.error(path, `${kindOf(value)} stands where text is expected`, fix);
}

function checkBool(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "boolean") return;
  const word =
    typeof value === "string" && /^(true|false|yes|no|on|off)$/i.test(value) ? value.toLowerCase() : undefined;
  context.error(path, `${kindOf(value)} stands where true or false is expected`, word);
}

function checkInt(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "bigint") return;
  const digits = typeof value === "string" && /^-?\d+$/.test(value) ? value : undefined;
  context.error(path, `${kindOf(value)} stands where a whole number is expected`, digits);
}

function checkSize(value: ConfValue, path: string, context: CheckContext, fact: KeyFact): void {
  if (typeof value === "bigint") return;
  const takesText = fact.path.startsWith("jetstream.");
  if (takesText && typeof value === "string") {
    if (value === "" || /^[+-]?\d+[KMGT]$/.test(value)) return;
    return context.error(
      path,
      `"${value}" is not a size that the server reads in quotes (K, M, G, T)`,
      bareSize(value),
    );
  }
  context.error(
    path,
    `${kindOf(value)} stands where a size is expected`,
    typeof value === "string" ? bareSize(value) : undefined,
  );
}

function bareSize(text: string): string | undefined {
  return /^\d+([kmgt]i?b?)?$/i.test(text) ? text.replace(/^(\d+[kmgt])$/i, "$1B") : undefined;
}

export function checkDuration(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string") {
    const problem = durationProblem(value);
    if (problem) context.error(path, problem.message, problem.fix);
    return;
  }
  if (typeof value === "bigint")
    return context.testError(
      path,
      `${value} has no unit: the server reads it as seconds, with a warning`,
      `"${value}s"`,
    );
  context.error(
    path,
    `${kindOf(value)} stands where a duration is expected`,
    typeof value === "number" ? `"${value}s"` : undefined,
  );
}

export function durationProblem(text: string): UnitError | undefined {
  try {
    parseGoDuration(text);
    return undefined;
  } catch (error) {
    if (error instanceof UnitError) return error;
    throw error;
  }
}

function checkSeconds(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "bigint" || typeof value === "number") return;
  checkDuration(value, path, context);
}

function checkListen(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "bigint") return;
  if (typeof value !== "string")
    return context.error(path, `${kindOf(value)} stands where a port or host:port is expected`);
  const reason = hostPortProblem(value);
  if (reason) context.error(path, reason, /^\d+$/.test(value) ? value : `"0.0.0.0:4222"`);
}

/** Why Go's net.SplitHostPort and Atoi refuse an address. */
export function hostPortProblem(address: string): string | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:]*)$/.exec(address);
  const plain = /^([^:[\]]*):([^:[\]]*)$/.exec(address);
  const port = bracketed?.[2] ?? plain?.[2];
  if (port === undefined) return `"${maskAddress(address)}" is not host:port`;
  return /^[+-]?\d+$/.test(port) ? undefined : `"${maskAddress(address)}" has no port number`;
}

function eachText(value: ConfValue, path: string, context: CheckContext, urls: boolean): void {
  if (!isConfList(value))
    return context.error(
      path,
      `${kindOf(value)} stands where a list is expected`,
      typeof value === "string" ? "[ … ]" : undefined,
    );
  const seen = new Set<ConfValue>();
  value.forEach((member, index) => {
    const where = joinPath(path, index);
    if (typeof member !== "string") return checkText(member, where, context);
    if (!urls) return;
    if (seen.has(member)) context.error(where, "stands in the list twice, which the server warns of");
    seen.add(member);
    checkUrl(member, where, context);
  });
}

export function checkUrl(text: string, path: string, context: CheckContext): void {
  const problem = urlProblem(text);
  if (problem) context.error(path, `the URL ${problem.reason}`, problem.fix);
}

function textOrList(value: ConfValue, path: string, context: CheckContext, _fact?: KeyFact): void {
  if (isConfList(value)) value.forEach((member, index) => checkText(member, joinPath(path, index), context));
  else if (typeof value !== "string")
    context.error(path, `${kindOf(value)} stands where text or a list of texts is expected`);
}
