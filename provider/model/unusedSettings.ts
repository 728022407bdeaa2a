import type { Problem } from "../errors";
import { textOf } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import type { Fields } from "./jsonFields";
import { shortDuration } from "./units";

/** Limits of which a server makes none: it takes 0 for -1. */
export function zeroLimits(fields: Fields, inputs: object): Problem[] {
  return Object.entries(inputs).flatMap(([name, value]: [string, unknown]): Problem[] => {
    const kind = Object.hasOwn(fields, name) ? fields[name]!.kind : undefined;
    if ((kind !== "limit" && kind !== "size") || !/^0+\s*[a-z]*$/i.test(String(value))) return [];
    return [warning(name, `${JSON.stringify(value)} is -1, unlimited, for the server`, `${name}: -1`)];
  });
}

/** What a stream gets in place of no subject at all. */
export function noSubjects(inputs: object, config: JsonObject): Problem[] {
  const { subjects } = inputs as { readonly subjects?: unknown };
  if ((!Array.isArray(subjects) || subjects.length > 0 || config["mirror"]) ?? config["sources"]) return [];
  const reason = `with none, the stream stores its own name as a subject: ${JSON.stringify(config["name"])}`;
  return [warning("subjects", reason, 'leave it out, or subjects: ["orders.>"]')];
}

/** What a server takes of a consumer and makes no use of, by the server's names; `config` is what was written. */
export function unusedOfConsumer(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const isPull = (config["deliver_subject"] ?? "") === "";
  const share = /^\+?(\d+)%?$/.exec(textOf(config["sample_freq"]));
  if (share && Number(share[1]) > 100) {
    const reason = `${JSON.stringify(config["sample_freq"])} is more than all: the server measures each`;
    problems.push(warning("sample_freq", reason, 'sample_freq: "100%"'));
  }
  if (isPull && (config["deliver_group"] ?? "") !== "") {
    const reason = "only a push consumer has a group: the server takes it without effect";
    problems.push(warning("deliver_group", reason, 'leave it out, or add deliver_subject: "out.orders"'));
  }
  const backoff = config["backoff"];
  const first = Array.isArray(backoff) ? ((backoff as readonly Json[])[0] as number | bigint) : undefined;
  const wait = config["ack_wait"] as number | bigint | undefined;
  if (first !== undefined && wait !== undefined && BigInt(wait) > 0n && BigInt(first) !== BigInt(wait)) {
    const text = shortDuration(BigInt(wait));
    const reason = `"${text}" is without effect: beside backoff its first, "${shortDuration(BigInt(first))}", is waited`;
    problems.push(warning("ack_wait", reason, `leave it out, or make "${text}" the first of backoff`));
  }
  return problems;
}

/** Numbers of a consumer that the server has a default of its own for, where a program says 0. */
export function zeroOfConsumer(inputs: object, config: JsonObject): Problem[] {
  const isPull = (config["deliver_subject"] ?? "") === "";
  const counts = [
    ...(isPull ? ([["maxWaiting", 512]] as const) : []),
    ...(config["ack_policy"] === undefined ? [] : ([["maxAckPending", 1000]] as const)),
  ];
  return counts.flatMap(([name, usual]): Problem[] => {
    if (String((inputs as Readonly<Record<string, unknown>>)[name]) !== "0") return [];
    return [warning(name, `0 is the default for the server: ${usual}`, `leave it out, or ${name}: ${usual}`)];
  });
}

function warning(path: string, reason: string, fix: string): Problem {
  return { path, reason, fix, severity: "warning" };
}
