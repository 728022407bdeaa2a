import type { Problem } from "../../errors";
import type { JsonObject } from "../exactJson";
import { nameProblem } from "../names";
import { consumerFields } from "./nackFields";
import { nackSpec } from "./nackSpec";

/** What is written where the program says nothing; the schema of other installations would acknowledge nothing, and wait for 1 ns. */
const defaults = { ackPolicy: "explicit", deliverPolicy: "all", replayPolicy: "instant" };

/** The spec of a Consumer object, with what is wrong in it. */
export function consumerSpec(inputs: Readonly<Record<string, unknown>>): { spec: JsonObject; problems: Problem[] } {
  const problems: Problem[] = [];
  const [pause] = Array.isArray(inputs["backoff"]) ? (inputs["backoff"] as unknown[]) : [];
  const wait = (inputs["ackPolicy"] ?? "explicit") === "none" ? {} : { ackWait: pause ?? "30s" };
  const spec = nackSpec(consumerFields, { ...defaults, ...wait, ...inputs }, problems);
  for (const [path, what] of [
    ["durableName", "consumer"],
    ["streamName", "stream"],
  ] as const) {
    const fault = nameProblem(path, what, inputs[path] as string);
    if (fault) problems.push(fault);
  }
  problems.push(...contradictions(inputs), ...backoffProblems(spec));
  return { spec, problems };
}

/** What the controller or the server would refuse, object by object, only once they have it. */
function* contradictions(inputs: Readonly<Record<string, unknown>>): Generator<Problem> {
  const { deliverPolicy, optStartSeq, optStartTime } = inputs;
  if (inputs["filterSubject"] !== undefined && inputs["filterSubjects"] !== undefined) {
    yield { path: "filterSubject", reason: "stands beside filterSubjects", fix: "only filterSubjects" };
  }
  for (const [policy, key, value, example] of [
    ["byStartSequence", "optStartSeq", optStartSeq, "1"],
    ["byStartTime", "optStartTime", optStartTime, '"2026-01-31T12:00:00Z"'],
  ] as const) {
    if (deliverPolicy === policy && value === undefined) {
      yield { path: key, reason: `deliverPolicy "${policy}" needs it`, fix: `${key}: ${example}` };
    } else if (deliverPolicy !== policy && value !== undefined) {
      yield { path: key, reason: `is only for deliverPolicy "${policy}"`, fix: `deliverPolicy: "${policy}"` };
    }
  }
  if (inputs["deliverSubject"] === undefined) {
    for (const key of ["deliverGroup", "flowControl", "heartbeatInterval", "rateLimitBps"]) {
      if (inputs[key] !== undefined && inputs[key] !== false) {
        yield { path: key, reason: "is only for a consumer that pushes, to its deliverSubject", fix: `without ${key}` };
      }
    }
  }
}

/** The controller asks the server to be strict: what it would put right is an error. */
function* backoffProblems(spec: JsonObject): Generator<Problem> {
  const { backoff, ackWait, maxDeliver } = spec;
  if (!Array.isArray(backoff)) return;
  if (ackWait !== undefined && ackWait !== backoff[0]) {
    const reason = `${JSON.stringify(ackWait)} is not the first pause of backoff, ${JSON.stringify(backoff[0])}`;
    yield { path: "ackWait", reason, fix: "without ackWait: it is then that pause" };
  }
  if (typeof maxDeliver === "number" && maxDeliver >= 0 && maxDeliver < backoff.length) {
    const reason = `${maxDeliver} deliveries have no use for ${backoff.length} pauses`;
    yield { path: "maxDeliver", reason, fix: `maxDeliver: ${backoff.length + 1}` };
  }
}
