import type { Problem } from "../errors";
import { isObject, textOf } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { isLiteral, mappingFault, nameProblem, subjectFault, subjectsCollide } from "./names";

/** Faults of `mirror` and `sources`. */
export function sourceProblems(config: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const { mirror } = config;
  if (isObject(mirror)) {
    const clash = (path: string, what: string, clashes: boolean) => {
      if (clashes) problems.push({ path, reason: `a mirror can't have ${what}`, fix: `leave out ${path} or mirror` });
    };
    clash("subjects", "subjects of its own", config["subjects"] !== undefined);
    clash("sources", "sources", config["sources"] !== undefined);
    clash("first_seq", "a first sequence", Number(config["first_seq"]) > 0);
    clash("allow_msg_counter", "counters", config["allow_msg_counter"] === true);
    clash("allow_atomic", "atomic batches", config["allow_atomic"] === true);
    clash("allow_batched", "batches", config["allow_batched"] === true);
    clash("allow_msg_schedules", "schedules", config["allow_msg_schedules"] === true);
    clash("subject_delete_marker_ttl", "delete markers", Number(config["subject_delete_marker_ttl"]) > 0);
    problems.push(...oneSource("mirror", mirror));
    if (isOwn(config, mirror)) problems.push({ path: "mirror.name", reason: "a stream can't mirror itself (10052)" });
    if (mirror["opt_start_seq"] && mirror["opt_start_time"]) {
      problems.push({ path: "mirror.opt_start_time", reason: "a mirror starts at a sequence or at a time, not both" });
    }
  }
  const sources = Array.isArray(config["sources"]) ? (config["sources"] as readonly Json[]).filter(isObject) : [];
  if (sources.length > 0 && config["allow_msg_schedules"] === true) {
    problems.push({ path: "allow_msg_schedules", reason: "a stream with sources can't have schedules" });
  }
  const seen = new Map<string, number>();
  const consumers = new Map<string, number>();
  sources.forEach((source, index) => {
    const path = `sources[${index}]`;
    problems.push(...oneSource(path, source));
    if (isOwn(config, source) && takesOwn(config, source)) {
      const reason = "the stream would take its own messages (10052: detected cycle)";
      problems.push({ path: `${path}.name`, reason, fix: "another stream, or a filter_subject beside its subjects" });
    }
    const identity = sourceIdentity(source);
    const twin = seen.get(identity);
    if (twin !== undefined)
      problems.push({ path, reason: `it is the same source as sources[${twin}]`, fix: "keep one, or filter them" });
    else seen.set(identity, index);
    const consumer = consumerIdentity(source);
    const sharer = consumer === undefined ? undefined : consumers.get(consumer);
    if (consumer === undefined) return;
    if (sharer === undefined) consumers.set(consumer, index);
    else if (twin === undefined) {
      const reason = `sources[${sharer}] goes by the same consumer, and one consumer serves one source`;
      problems.push({ path: `${path}.consumer.name`, reason, fix: "a consumer for each" });
    }
  });
  return problems;
}

function isOwn(config: JsonObject, source: JsonObject): boolean {
  return source["name"] === config["name"] && !isObject(source["external"]);
}

function takesOwn(config: JsonObject, source: JsonObject): boolean {
  const filter = textOf(source["filter_subject"]);
  const subjects = Array.isArray(config["subjects"]) ? (config["subjects"] as readonly Json[]).map(textOf) : [];
  return filter === "" || subjects.some((subject) => subjectsCollide(subject, filter));
}

/** What makes a source the same one for the server: its start is no part of it. */
export function sourceIdentity(source: JsonObject): string {
  const { filter_subject: filter, subject_transforms: list } = source;
  const transforms = Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
  const all = (subject: Json | undefined): string => textOf(subject) || ">";
  const what =
    transforms.length > 0 ? transforms.map(({ src, dest }) => [all(src), all(dest)]) : [[all(filter), all(undefined)]];
  return JSON.stringify([sourceOrigin(source), consumerName(source) ?? null, what]);
}

/** The consumer of one's own that a source goes by. */
function consumerIdentity(source: JsonObject): string | undefined {
  const name = consumerName(source);
  return name === undefined ? undefined : JSON.stringify([sourceOrigin(source), name]);
}

function consumerName({ consumer }: JsonObject): string | undefined {
  return isObject(consumer) ? textOf(consumer["name"]) : undefined;
}

/** The stream that a source copies. */
export function sourceOrigin({ name, external }: JsonObject): string {
  return JSON.stringify([name ?? "", isObject(external) ? textOf(external["api"]) : null]);
}

function oneSource(path: string, source: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const { external, consumer, filter_subject: filter, subject_transforms: list } = source;
  const name = nameProblem(`${path}.name`, "stream", textOf(source["name"]));
  if (name) problems.push(name);
  const fault = typeof filter === "string" ? subjectFault(filter) : undefined;
  if (fault) problems.push({ path: `${path}.filter_subject`, reason: `"${textOf(filter)}" ${fault}` });
  const transforms = Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
  if (filter && transforms.length > 0) {
    problems.push({
      path: `${path}.filter_subject`,
      reason: "it can't stand beside subject_transforms",
      fix: "filter by the transforms' src",
    });
  }
  transforms.forEach((transform, index) => {
    const at = `${path}.subject_transforms[${index}]`;
    const [src, dest] = [textOf(transform["src"]), textOf(transform["dest"])];
    const wrong = src === "" ? undefined : subjectFault(src);
    if (wrong) problems.push({ path: `${at}.src`, reason: `"${src}" ${wrong}` });
    const mapping = mappingFault(src || ">", dest);
    if (mapping) problems.push({ path: `${at}.dest`, reason: mapping });
    const twin = transforms.findIndex((other, before) => before < index && subjectsCollide(textOf(other["src"]), src));
    if (twin >= 0)
      problems.push({ path: `${at}.src`, reason: `"${src}" overlaps with that of subject_transforms[${twin}]` });
  });
  if (isObject(consumer)) {
    const bad = nameProblem(`${path}.consumer.name`, "consumer", textOf(consumer["name"]));
    if (bad) problems.push(bad);
    const deliver = textOf(consumer["deliver_subject"]);
    if (subjectFault(deliver) !== undefined || !isLiteral(deliver)) {
      problems.push({
        path: `${path}.consumer.deliver_subject`,
        reason: `"${deliver}" is no subject without wildcards`,
      });
    }
    if (source["opt_start_seq"] || source["opt_start_time"] || filter) {
      problems.push({
        path: `${path}.consumer`,
        reason: "with a consumer of your own, start and filter are the consumer's",
      });
    }
  }
  if (isObject(external)) {
    const [api, deliver] = [textOf(external["api"]), textOf(external["deliver"])];
    if (api !== "" && (!isLiteral(api) || subjectFault(api)))
      problems.push({ path: `${path}.external.api`, reason: `"${api}" is no prefix without wildcards` });
    else if (api !== "" && subjectsCollide(api, "$JS.API")) {
      problems.push({
        path: `${path}.external.api`,
        reason: `"${api}" is this account's own`,
        fix: 'api: "$JS.<domain>.API"',
      });
    }
    if (deliver !== "" && (!isLiteral(deliver) || subjectFault(deliver))) {
      problems.push({ path: `${path}.external.deliver`, reason: `"${deliver}" is no prefix without wildcards` });
    }
  }
  return problems;
}
