import type { Problem } from "../errors";
import { isObject, textOf } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { isLiteral, isSubset, nameProblem, subjectFault, subjectsCollide } from "./names";
import { atLeast } from "./serverRelease";

/**
 * Everything in a settled configuration that no server of that release would take, whatever the stream is. Paths are the
 * server's names: `filter_subjects[0]`.
 */
export function consumerConfigProblems(config: JsonObject, version: string): Problem[] {
  const problems: Problem[] = [];
  const name = nameProblem("name", "consumer", textOf(config["name"]));
  if (name) problems.push(name);
  const durable = textOf(config["durable_name"]);
  if (durable !== "" && durable !== config["name"]) {
    problems.push({ path: "durable_name", reason: `"${durable}" is not the name "${textOf(config["name"])}" (10017)` });
  }
  if (Buffer.byteLength(textOf(config["description"])) > 4096) {
    problems.push({ path: "description", reason: "it has more than 4096 bytes" });
  }
  const metadata = isObject(config["metadata"]) ? Object.entries(config["metadata"]) : [];
  const size = metadata.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + textOf(value)), 0);
  if (size > 128 * 1024) {
    problems.push({ path: "metadata", reason: `it has ${size} bytes; at most 131072 are allowed` });
  }
  const sample = textOf(config["sample_freq"]);
  if (sample !== "" && !/^\+?\d+%$/.test(sample)) {
    problems.push({ path: "sample_freq", reason: `"${sample}": a percentage is wanted`, fix: 'sample_freq: "50%"' });
  }
  problems.push(...negativeProblems(config, version));
  const waits = listOf(config["backoff"]).length;
  const most = Number(config["max_deliver"]);
  if (waits > 0 && most !== -1 && waits > most) {
    const reason = `it has ${waits} waits, more than max_deliver (${most}) (10116)`;
    problems.push({ path: "backoff", reason, fix: `max_deliver: ${waits}` });
  }
  problems.push(...startProblems(config), ...filterProblems(config, version), ...priorityProblems(config, version));
  problems.push(...(config["deliver_subject"] === "" ? pullProblems(config) : pushProblems(config)));
  if (config["flow_control"] === true && config["idle_heartbeat"] === 0) {
    problems.push({ path: "flow_control", reason: "it needs idle_heartbeat (10108)", fix: 'idle_heartbeat: "5s"' });
  }
  if (config["direct"] === true && durable !== "") {
    problems.push({ path: "direct", reason: "only a consumer that is not durable can be direct (10091)" });
  }
  return problems;
}

function negativeProblems(config: JsonObject, version: string): Problem[] {
  const problems: Problem[] = [];
  const refused = (path: string, code: number, isIt: boolean) => {
    if (isIt) problems.push({ path, reason: `a negative one is refused (${code})`, fix: "leave it out" });
  };
  const isBelow = (path: string) => Number(config[path]) < 0;
  refused("num_replicas", 10133, isBelow("num_replicas"));
  if (atLeast(version, "2.12")) {
    refused("ack_wait", 10183, isBelow("ack_wait") && listOf(config["backoff"]).length === 0);
    refused(
      "backoff",
      10184,
      listOf(config["backoff"]).some((wait) => Number(wait) < 0),
    );
  } else if (config["deliver_subject"] === "") {
    refused("max_waiting", 10087, isBelow("max_waiting"));
    refused("max_batch", 10114, isBelow("max_batch"));
    refused("max_expires", 10115, isBelow("max_expires"));
  }
  return problems;
}

function startProblems(config: JsonObject): Problem[] {
  const policy = textOf(config["deliver_policy"]);
  const starts = [
    ["opt_start_seq", "by_start_sequence", config["opt_start_seq"] !== 0, "1"],
    ["opt_start_time", "by_start_time", config["opt_start_time"] !== undefined, '"2026-01-31T12:00:00Z"'],
  ] as const;
  const problems: Problem[] = [];
  for (const [path, wanted, isThere, example] of starts) {
    if (isThere && policy !== wanted) {
      const reason = `it is only for deliver_policy "${wanted}", and that is "${policy}" (10094)`;
      problems.push({ path, reason, fix: `deliver_policy: "${wanted}"` });
    }
    if (!isThere && policy === wanted) {
      problems.push({ path, reason: `deliver_policy "${wanted}" needs it (10094)`, fix: `${path}: ${example}` });
    }
  }
  if (policy === "last_per_subject" && filtersOf(config).length === 0) {
    const reason = '"last_per_subject" needs a filter (10094)';
    problems.push({ path: "deliver_policy", reason, fix: 'filter_subject: ">"' });
  }
  return problems;
}

function filterProblems(config: JsonObject, version: string): Problem[] {
  const problems: Problem[] = [];
  const one = textOf(config["filter_subject"]);
  const many = listOf(config["filter_subjects"]).map(textOf);
  if (one !== "" && many.length > 0) {
    problems.push({
      path: "filter_subject",
      reason: "it can't be combined with filter_subjects (10136)",
      fix: "leave one out",
    });
  }
  const fault = one === "" ? undefined : subjectFault(one);
  if (fault) problems.push({ path: "filter_subject", reason: `${JSON.stringify(one)} ${fault}` });
  // Before 2.12, filters that one message could match both are refused; later, only those that include another.
  const overlap = atLeast(version, "2.12") ? isSubset : subjectsCollide;
  many.forEach((subject, index) => {
    const path = `filter_subjects[${index}]`;
    const wrong = subjectFault(subject);
    if (wrong) return problems.push({ path, reason: `${JSON.stringify(subject)} ${wrong}` });
    const other = many.find((each, at) => at < index && (overlap(each, subject) || overlap(subject, each)));
    if (other !== undefined) {
      problems.push({
        path,
        reason: `"${subject}" overlaps with "${other}" (10138)`,
        fix: "keep the wider one, or narrow one of them",
      });
    }
  });
  return problems;
}

const validGroup = /^[a-zA-Z0-9/_=-]{1,16}$/;

function priorityProblems(config: JsonObject, version: string): Problem[] {
  const problems: Problem[] = [];
  const groups = listOf(config["priority_groups"]).map(textOf);
  if (config["priority_policy"] === "none") {
    if (!atLeast(version, "2.12")) return [];
    const reason = "it needs a priority_policy";
    const fix = 'priority_policy: "overflow"';
    if (groups.length > 0) problems.push({ path: "priority_groups", reason, fix });
    if (Number(config["priority_timeout"]) > 0) problems.push({ path: "priority_timeout", reason, fix });
    return problems;
  }
  if (config["deliver_subject"] !== "") {
    problems.push({
      path: "priority_policy",
      reason: "only a pull consumer can have it",
      fix: "leave out deliver_subject",
    });
  }
  if (groups.length === 0) {
    problems.push({ path: "priority_policy", reason: "it needs priority_groups", fix: 'priority_groups: ["jobs"]' });
  }
  groups.forEach((group, index) => {
    if (validGroup.test(group)) return;
    const reason = `"${group}" is no name of a group: 1 to 16 of letters, digits, "/", "_", "=", "-"`;
    problems.push({ path: `priority_groups[${index}]`, reason });
  });
  return problems;
}

function pullProblems(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const fix = 'leave it out, or make it a push consumer: deliver_subject: "out.orders"';
  const only = (path: string, isThere: boolean) => {
    if (isThere) problems.push({ path, reason: "only a push consumer can have it", fix });
  };
  only("rate_limit_bps", config["rate_limit_bps"] !== 0);
  const byFlow = config["ack_policy"] === "flow_control";
  only("idle_heartbeat", Number(config["idle_heartbeat"]) > 0 && !byFlow);
  only("flow_control", config["flow_control"] === true && !byFlow);
  only("direct", config["direct"] === true);
  if (byFlow)
    problems.push({
      path: "ack_policy",
      reason: '"flow_control" needs a push consumer',
      fix: 'deliver_subject: "out.orders"',
    });
  const expires = Number(config["max_expires"]);
  if (expires > 0 && expires < 1e6) {
    problems.push({ path: "max_expires", reason: `${expires}ns is too short (10115)`, fix: 'at least "1ms"' });
  }
  return problems;
}

function pushProblems(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const subject = textOf(config["deliver_subject"]);
  const fault = isLiteral(subject) ? subjectFault(subject) : "has a wildcard (10079)";
  if (fault) problems.push({ path: "deliver_subject", reason: `${JSON.stringify(subject)} ${fault}` });
  if (config["max_waiting"] !== 0) {
    problems.push({ path: "max_waiting", reason: "only a pull consumer can have it (10080)", fix: "leave it out" });
  }
  if (config["ack_policy"] === "none" && Number(config["max_ack_pending"]) > 0) {
    problems.push({
      path: "max_ack_pending",
      reason: 'ack_policy "none" has no acknowledgements (10082)',
      fix: "leave it out",
    });
  }
  const heartbeat = Number(config["idle_heartbeat"]);
  if (heartbeat > 0 && heartbeat < 1e8) {
    problems.push({
      path: "idle_heartbeat",
      reason: `${heartbeat / 1e6}ms is too short (10083)`,
      fix: 'at least "100ms"',
    });
  }
  if (config["ack_policy"] === "flow_control") {
    const clash = (path: string, isThere: boolean) => {
      if (isThere) problems.push({ path, reason: 'ack_policy "flow_control" can\'t have it', fix: "leave it out" });
    };
    clash("ack_wait", config["ack_wait"] !== 0 && listOf(config["backoff"]).length === 0);
    clash("backoff", listOf(config["backoff"]).length > 0);
    clash("max_deliver", Number(config["max_deliver"]) > 0);
    clash("max_ack_pending", Number(config["max_ack_pending"]) < 0);
  }
  return problems;
}

/** The subjects that a consumer wants; none: all. */
export function filtersOf(config: JsonObject): string[] {
  const one = textOf(config["filter_subject"]);
  return one === "" ? listOf(config["filter_subjects"]).map(textOf) : [one];
}

/** The same, with ">" for all. */
export function wantedSubjects(config: JsonObject): string[] {
  const filters = filtersOf(config);
  return filters.length === 0 ? [">"] : filters;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
