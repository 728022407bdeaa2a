import { isConfList, isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { kindOf, plainText } from "./context";
import type { CheckContext } from "./context";
import { member } from "./member";
import type { Rule } from "./rules";
import { durationProblem } from "./scalars";
import { isLiteral, isValidSubject, mappingProblem } from "./subjects";

/** Rules of accounts, one by one; what holds between them is in accountLinks.ts. */
export const accountRules: Readonly<Record<string, Rule>> = {
  "=accounts": accounts,
  "=accounts.*.msg_trace": (value, path, context) => {
    if (typeof value === "string") traceDestination(value, path, context);
  },
  "accounts.*.msg_trace": (value, path, context) => {
    const dest = member(value, "dest");
    if (dest !== undefined) traceDestination(dest, joinPath(path, "dest"), context);
    percent(member(value, "sampling"), 1, joinPath(path, "sampling"), context);
    if (member(value, "sampling") !== undefined && (dest === undefined || dest === ""))
      context.error(path, "has sampling without dest, which the server warns of", 'dest: "…"');
  },
  "accounts.*.exports[]": exported,
  "accounts.*.exports[].latency": (value, path, context) => {
    if (!isConfMap(value)) return;
    if (typeof value.get("subject") !== "string") context.error(path, "has no subject", 'subject: "…"');
    const sampling = value.get("sampling");
    if (typeof sampling === "string" && sampling.trim().toLowerCase() === "headers") return;
    percent(sampling, 1, joinPath(path, "sampling"), context);
  },
  "accounts.*.imports[]": imported,
  "accounts.*.mappings.*": destination,
  "mappings.*": destination,
  "=accounts.*.mappings": mappings,
  "=mappings": mappings,
};

function accounts(value: ConfValue, path: string, context: CheckContext): void {
  const names = isConfMap(value) ? [...value.keys()] : isConfList(value) ? value : [];
  const seen = new Set<ConfValue>();
  names.forEach((name, index) => {
    const where = isConfList(value) ? joinPath(path, index) : joinPath(path, plainText(name));
    if (name === "$G" && !context.isUsedVariable(where))
      context.error(where, '"$G" is the global account, which is there without being declared');
    if (seen.has(name)) context.error(where, `the account "${plainText(name)}" stands in the list twice`);
    seen.add(name);
  });
}

function traceDestination(value: ConfValue, path: string, context: CheckContext): void {
  if (typeof value === "string" && !(isValidSubject(value) && isLiteral(value)))
    context.error(path, `"${value}" is not a subject to publish to`);
}

/** A share of 1..100, as a number or as text such as "50%". */
function percent(value: ConfValue | undefined, least: number, path: string, context: CheckContext): void {
  if (value === undefined) return;
  const text = typeof value === "string" ? value.replace(/%$/, "") : plainText(value);
  if (!(typeof value === "bigint" || typeof value === "string") || !/^[+-]?\d+$/.test(text))
    return context.error(path, `${kindOf(value)} stands where a number from ${least} to 100 is expected`, '"50%"');
  if (Number(text) < least || Number(text) > 100) context.error(path, `${text} is not from ${least} to 100`);
}

function exported(value: ConfValue, path: string, context: CheckContext): void {
  const isStream = member(value, "stream") !== undefined;
  const isService = member(value, "service") !== undefined;
  if (isStream && isService) context.error(path, "exports a stream and a service: only one of them can be given");
  for (const [key, each] of value as ConfMap) {
    const where = joinPath(path, key);
    const name = key.toLowerCase();
    if (isStream && isServiceKey(name)) context.error(where, "is only for exports of a service");
    if (
      /^response(_type)?$/.test(name) &&
      typeof each === "string" &&
      !/^(single|singleton|stream|chunk|chunked)$/i.test(each)
    )
      context.error(where, `"${each}" is none of singleton, stream, chunked`, '"singleton"');
    if (/^(threshold|response_threshold|response_max_time|response_time)$/.test(name) && typeof each === "string") {
      const problem = durationProblem(each);
      if (problem) context.error(where, problem.message, problem.fix);
    }
  }
}

function isServiceKey(name: string): boolean {
  return /^(response(_type|_threshold|_max_time|_time)?|threshold|latency|allow_trace)$/.test(name);
}

function imported(value: ConfValue, path: string, context: CheckContext): void {
  const stream = member(value, "stream");
  const service = member(value, "service");
  if (stream !== undefined && service !== undefined)
    context.error(path, "imports a stream and a service: only one of them can be given");
  if (stream !== undefined && member(value, "prefix") && member(value, "to"))
    context.error(path, "has prefix and to: only one of them can be given");
  if (service !== undefined && member(value, "allow_trace") !== undefined)
    context.error(joinPath(path, "allow_trace"), "is only for imports of a stream");
  for (const [key, source] of [
    ["stream", stream],
    ["service", service],
  ] as const)
    if (isConfMap(source) && (!member(source, "account") || !member(source, "subject")))
      context.error(joinPath(path, key), "needs an account and a subject", '{ account: "…", subject: "…" }');
}

function destination(value: ConfValue, path: string, context: CheckContext): void {
  const weight = member(value, "weight");
  if (weight === undefined) context.error(path, "has no weight", 'weight: "100%"');
  percent(weight, 0, joinPath(path, "weight"), context);
}

function mappings(value: ConfValue, path: string, context: CheckContext): void {
  if (!isConfMap(value)) return;
  for (const [source, target] of value) {
    const where = joinPath(path, source);
    if (!isValidSubject(source)) {
      context.error(where, `"${source}" is not a valid subject`);
      continue;
    }
    const list = isConfList(target) ? target : [target];
    const total = new Map<string, number>();
    const seen = new Set<string>();
    for (const each of list) {
      const subject = typeof each === "string" ? each : (member(each, "destination", "dest") ?? "");
      if (typeof subject !== "string") continue;
      const reason = mappingProblem(source, subject);
      if (reason) context.error(where, reason);
      if (seen.has(subject)) context.error(where, `"${subject}" stands in the list twice`);
      seen.add(subject);
      const cluster = plainText(member(each, "cluster"));
      const weight = Number(plainText(member(each, "weight")).replace(/%$/, ""));
      total.set(cluster, (total.get(cluster) ?? 0) + (Number.isFinite(weight) ? weight : 0));
    }
    for (const weight of total.values())
      if (weight > 100) context.error(where, `the weights add up to ${weight}, more than 100`);
  }
}
