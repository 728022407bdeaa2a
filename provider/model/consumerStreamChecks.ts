import type { Problem } from "../errors";
import { filtersOf, listOf } from "./consumerChecks";
import { isObject, textOf } from "./exactJson";
import type { JsonObject } from "./exactJson";
import { subjectsCollide } from "./names";

/** What a settled configuration can't have in that stream (its settled configuration), and what would have no effect there. */
export function consumerStreamProblems(config: JsonObject, stream: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const name = `stream "${textOf(stream["name"])}"`;
  const [replicas, most] = [Number(config["num_replicas"]), Number(stream["num_replicas"])];
  const kept = stream["retention"] !== "limits";
  if (replicas > most) {
    const reason = `${replicas} are more than ${name} has (${most}) (10126)`;
    problems.push({ path: "num_replicas", reason, fix: "leave it out" });
  } else if (kept && replicas !== 0 && replicas !== most) {
    const reason = `${name} has retention "${textOf(stream["retention"])}": its consumers have ${most} like it (10134)`;
    problems.push({ path: "num_replicas", reason, fix: "leave it out" });
  }
  if (stream["retention"] === "workqueue") problems.push(...workqueueProblems(config, name));
  const limits = isObject(stream["consumer_limits"]) ? stream["consumer_limits"] : {};
  for (const [limit, code] of [
    ["max_ack_pending", 10121],
    ["inactive_threshold", 10153],
  ] as const) {
    const [given, largest] = [Number(config[limit]), Number(limits[limit] ?? 0)];
    if (largest > 0 && given > largest && !isUsual(limit, given)) {
      problems.push({ path: limit, reason: `it is more than ${name} allows its consumers (${largest}) (${code})` });
    }
  }
  const subjects = listOf(stream["subjects"]).map(textOf);
  const target = textOf(config["deliver_subject"]);
  const circle = target === "" ? undefined : subjects.find((subject) => subjectsCollide(target, subject));
  if (circle !== undefined && stream["no_ack"] !== true) {
    const reason = `"${target}" comes back into ${name} by its subject "${circle}" (10081)`;
    problems.push({ path: "deliver_subject", reason });
  }
  const many = listOf(config["filter_subjects"]).length > 0;
  filtersOf(config).forEach((filter, index) => {
    const isStored = subjects.some((subject) => subjectsCollide(filter, subject));
    if (
      subjects.length === 0 ||
      isStored ||
      stream["subject_transform"] !== undefined ||
      stream["sources"] !== undefined
    )
      return;
    const path = many ? `filter_subjects[${index}]` : "filter_subject";
    const reason = `"${filter}" matches no subject of ${name}: nothing new will match it`;
    problems.push({ path, reason, severity: "warning" });
  });
  return problems;
}

function workqueueProblems(config: JsonObject, name: string): Problem[] {
  const problems: Problem[] = [];
  const why = `${name} has retention "workqueue"`;
  if (!isAcknowledged(config)) {
    problems.push({
      path: "ack_policy",
      reason: `${why}: acknowledgements must be explicit (10084, 10098)`,
      fix: 'ack_policy: "explicit"',
    });
  }
  if (config["deliver_policy"] !== "all") {
    problems.push({
      path: "deliver_policy",
      reason: `${why}: consumers get all messages (10101)`,
      fix: 'deliver_policy: "all"',
    });
  }
  return problems;
}

/** Each message by itself, as a work queue wants it. */
export function isAcknowledged(config: JsonObject): boolean {
  return ["explicit", "flow_control"].includes(textOf(config["ack_policy"]));
}

/** The server lowers its own default to the stream's limit. */
function isUsual(limit: string, given: number): boolean {
  return limit === "max_ack_pending" && given === 1000;
}
