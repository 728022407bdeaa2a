import type { Problem } from "../errors";
import { isObject, textOf } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { isLiteral, isSubset, mappingFault, nameProblem, subjectFault, subjectsCollide } from "./names";
import { settledStream } from "./streamSettled";
import { sourceProblems } from "./streamSourceChecks";

/**
 * Everything in a configuration that no server would take, or keep, whatever the stream holds already: what is said of a sealed
 * stream must be good for an open one, which it is before. Paths are the server's names: `subjects[0]`, `mirror.consumer.name`.
 */
export function streamConfigProblems(written: JsonObject, version: string): Problem[] {
  const problems: Problem[] = [];
  const config = settledStream({ ...written, sealed: false }, version);
  const add = (path: string, reason: string, fix?: string) => problems.push({ path, reason, ...(fix ? { fix } : {}) });
  const name = nameProblem("name", "stream", textOf(config["name"]));
  if (name) problems.push(name);
  if (Buffer.byteLength(textOf(config["description"])) > 4096) add("description", "it has more than 4096 bytes");
  const metadata = isObject(config["metadata"]) ? Object.entries(config["metadata"]) : [];
  const size = metadata.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(textOf(value)),
    0,
  );
  if (size > 128 * 1024) add("metadata", `it has ${size} bytes; at most 131072 are allowed`);

  const isCopy = config["mirror"] !== undefined;
  const maxAge = Number(config["max_age"]);
  const window = Number((isCopy ? written : config)["duplicate_window"] ?? 0);
  const shortest = 100_000_000;
  for (const field of ["max_age", "subject_delete_marker_ttl"]) {
    if (Number(config[field]) < 0) add(field, "it is negative", "0 for none");
  }
  if (window < 0) add("duplicate_window", "it is negative", "0 for none");
  const replicas = Number(config["num_replicas"]);
  if (replicas < 0 || replicas > 5) add("num_replicas", `${replicas} replicas: 1 to 5 are allowed`);
  if (maxAge > 0 && maxAge < shortest) add("max_age", `${maxAge / 1e6}ms is too short`, `at least "100ms"`);
  // Of a short age follows a window that nobody has written.
  const isWindowSaid = written["duplicate_window"] !== undefined || !(maxAge > 0 && maxAge < shortest);
  if (isWindowSaid && window > 0 && window < shortest)
    add("duplicate_window", `${window / 1e6}ms is too short`, `at least "100ms"`);
  if (maxAge > 0 && window > maxAge) {
    add("duplicate_window", "it is longer than max_age", "make it at most as long as max_age, or leave it out");
  }
  if (config["deny_purge"] === true && config["allow_rollup_hdrs"] === true) {
    add("deny_purge", "roll-ups need the permission to purge", "set only one of deny_purge and allow_rollup_hdrs");
  }
  if (config["discard_new_per_subject"] === true) {
    if (config["discard"] !== "new") add("discard_new_per_subject", 'it needs discard "new"', 'discard: "new"');
    if (Number(config["max_msgs_per_subject"]) <= 0)
      add("discard_new_per_subject", "it needs max_msgs_per_subject above 0");
  }
  const marker = Number(config["subject_delete_marker_ttl"]);
  if (marker > 0 && marker < 1e9) add("subject_delete_marker_ttl", `${marker / 1e6}ms is too short`, 'at least "1s"');
  problems.push(
    ...modeProblems(config),
    ...sealedProblems(config, written["sealed"] === true),
    // The stream's name is its subject where it has none, and is wrong as a name already.
    ...(name && written["subjects"] === undefined ? [] : subjectProblems(config)),
    ...mappingProblems(config),
    ...sourceProblems(config),
  );
  if (isObject(config["placement"]) && config["placement"]["preferred"]) {
    add(
      "placement.preferred",
      "no server takes a preferred leader in a configuration",
      "leave it out, and step the leader down instead",
    );
  }
  return problems;
}

function modeProblems(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const clash = (path: string, other: string, clashes: boolean) => {
    if (clashes) problems.push({ path, reason: `it can't be combined with ${other}`, fix: `leave one of them out` });
  };
  const counter = config["allow_msg_counter"] === true;
  const discardsNew = config["discard"] === "new";
  clash("allow_msg_counter", 'discard "new"', counter && discardsNew);
  // Markers switch it on, and what was taken so is taken no more when the server reads it again.
  const times = Number(config["subject_delete_marker_ttl"]) > 0 ? "subject_delete_marker_ttl" : "allow_msg_ttl";
  clash("allow_msg_counter", times, counter && config["allow_msg_ttl"] === true);
  clash("allow_msg_counter", "allow_msg_schedules", counter && config["allow_msg_schedules"] === true);
  clash("allow_msg_counter", 'a retention other than "limits"', counter && config["retention"] !== "limits");
  clash("allow_msg_schedules", 'discard "new"', config["allow_msg_schedules"] === true && discardsNew);
  const isAsync = config["persist_mode"] === "async";
  clash("persist_mode", 'storage "memory"', isAsync && config["storage"] === "memory");
  clash("persist_mode", "more than one replica", isAsync && Number(config["num_replicas"]) > 1);
  clash("persist_mode", "allow_atomic", isAsync && config["allow_atomic"] === true);
  return problems;
}

/** Sealing makes the stream discard what is new, and beside that no server takes these when it reads the stream again. */
function sealedProblems(config: JsonObject, isSealed: boolean): Problem[] {
  if (!isSealed) return [];
  const beside = ["allow_msg_counter", "allow_msg_schedules"].filter((field) => config[field] === true);
  return beside.map((field) => ({
    path: "sealed",
    reason: `it can't be combined with ${field}: the server takes it, and has no such stream any more after its next start`,
    fix: "leave one of them out",
  }));
}

const reserved = ["$JS.>", "$JSC.>", "$NRG.>", "$SYS.>"];

function subjectProblems(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const subjects = Array.isArray(config["subjects"]) ? (config["subjects"] as readonly Json[]).map(textOf) : [];
  subjects.forEach((subject, index) => {
    const path = `subjects[${index}]`;
    const fault = subjectFault(subject);
    if (fault) return problems.push({ path, reason: `${JSON.stringify(subject)} ${fault}` });
    const twin = subjects.findIndex(
      (other, at) => at < index && !subjectFault(other) && subjectsCollide(other, subject),
    );
    if (twin >= 0) {
      const how = subjects[twin] === subject ? "stands there twice" : `overlaps with "${subjects[twin]}"`;
      problems.push({
        path,
        reason: `${JSON.stringify(subject)} ${how}`,
        fix: "keep the wider one, or narrow one of them",
      });
    }
    if (config["no_ack"] === true && subject !== ">") return;
    if (subject === ">") {
      if (config["no_ack"] !== true)
        problems.push({ path, reason: '">" captures everything and needs no_ack', fix: "noAck: true" });
      if (Number(config["num_replicas"]) !== 1)
        problems.push({ path, reason: '">" captures everything and needs 1 replica' });
      return;
    }
    const space = reserved.find((other) => subjectsCollide(subject, other));
    if (space && !isSubset(subject, "$JS.EVENT.>") && !isSubset(subject, "$SYS.ACCOUNT.>")) {
      problems.push({
        path,
        reason: `"${subject}" overlaps with the server's own ${space} and needs no_ack`,
        fix: "noAck: true",
      });
    }
  });
  return problems;
}

function mappingProblems(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const { subject_transform: transform, republish } = config;
  if (isObject(transform)) {
    const [src, dest] = [textOf(transform["src"]), textOf(transform["dest"])];
    const fault = src === "" ? undefined : subjectFault(src);
    if (fault) problems.push({ path: "subject_transform.src", reason: `${JSON.stringify(src)} ${fault}` });
    const mapping = mappingFault(src || ">", dest);
    if (mapping) problems.push({ path: "subject_transform.dest", reason: mapping });
  }
  if (isObject(republish)) {
    const [src, dest] = [textOf(republish["src"]), textOf(republish["dest"])];
    const fault = subjectFault(src);
    if (fault) problems.push({ path: "republish.src", reason: `${JSON.stringify(src)} ${fault}` });
    if (dest === "") problems.push({ path: "republish.dest", reason: "it says not where to", fix: 'dest: "copies.>"' });
    const mapping = mappingFault(src, dest);
    if (mapping) problems.push({ path: "republish.dest", reason: mapping });
    const subjects = Array.isArray(config["subjects"]) ? (config["subjects"] as readonly Json[]).map(textOf) : [];
    const plain = dest.replace(/\{\{[^}]*\}\}|\$\d+/g, "*");
    const own = subjects.find((subject) => subjectsCollide(plain, subject));
    if (own !== undefined && dest !== "" && isLiteralOrWild(plain) && !(dest === ">" && isObject(transform))) {
      problems.push({ path: "republish.dest", reason: `"${dest}" comes back into the stream by its subject "${own}"` });
    }
  }
  return problems;
}

function isLiteralOrWild(subject: string): boolean {
  return isLiteral(subject) || subjectFault(subject) === undefined;
}
