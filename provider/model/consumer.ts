import type { Problem } from "../errors";
import { tooNew } from "./assetLevel";
import { ownMetadata } from "./assetSettled";
import { adoptProblems, assetWords, withNamedFaults } from "./assetWords";
import { consumerConfigProblems } from "./consumerChecks";
import { consumerAliases, consumerFields } from "./consumerFields";
import { settledConsumer } from "./consumerSettled";
import type { ConsumerSettings } from "./consumerSettings";
import { consumerStreamProblems } from "./consumerStreamChecks";
import { textOf } from "./exactJson";
import type { JsonObject } from "./exactJson";
import { expandFields, flattenFields } from "./jsonFields";
import { nameProblem } from "./names";
import type { ServerFacts } from "./stream";
import { newestRelease } from "./stream";
import { unusedOfConsumer, zeroLimits, zeroOfConsumer } from "./unusedSettings";

/** What beside the consumer's own settings belongs to a consumer in a program. */
export interface ConsumerOptions {
  readonly stream: string;
  readonly adopt?: boolean;
  readonly onReplace?: "resume" | "restart";
  readonly onDataLoss?: "refuse" | "allow";
}

export interface ConsumerInputs extends ConsumerSettings, ConsumerOptions {
  readonly name: string;
}

/** Properties that are no part of the server's configuration of a consumer. */
export const consumerOptionNames = ["stream", "adopt", "onReplace", "onDataLoss"] as const;

export const consumerWords = assetWords(consumerFields);
export const { argPath: consumerArgPath, argWords: consumerArgWords } = consumerWords;

/** The server's JSON, without what is default; faults of names, types and units are added to `problems`. */
export function expandConsumer(inputs: object, problems: Problem[] = []): JsonObject {
  const { durable, ...rest } = Object.fromEntries(
    Object.entries(inputs).filter(([key]) => !(consumerOptionNames as readonly string[]).includes(key)),
  ) as { durable?: unknown; name?: unknown; ackPolicy?: unknown };
  if (durable !== undefined && typeof durable !== "boolean") {
    const fix = typeof durable === "string" ? `write name: ${JSON.stringify(durable)}` : "durable: true";
    problems.push({ path: "durable", reason: `${JSON.stringify(durable)}: true or false is wanted`, fix });
  }
  const settings = {
    ...rest,
    // Servers without a word from us acknowledge nothing, which no program means.
    ackPolicy: rest.ackPolicy ?? "explicit",
    ...(durable === false ? {} : { durable: rest.name }),
  };
  return expandFields(consumerFields, settings, problems, "", consumerAliases);
}

/** The server's JSON as a program would say it, without what is default or was added by servers and by us. */
export function flattenConsumer(config: JsonObject): Omit<ConsumerInputs, "stream"> {
  const settled = settledConsumer({ ...config, metadata: ownMetadata(config["metadata"]) });
  const shown: Record<string, unknown> = { ...settled };
  for (const derived of [
    "max_waiting",
    "ack_wait",
    "max_ack_pending",
    "priority_timeout",
    "flow_control",
    "idle_heartbeat",
  ]) {
    const { [derived]: _given, ...others } = config;
    if (settledConsumer(others)[derived] === settled[derived]) delete shown[derived];
  }
  const { durable, ackPolicy: _policy, ...inputs } = flattenFields(consumerFields, shown as JsonObject);
  const policy = textOf(settled["ack_policy"]);
  return {
    ...inputs,
    ...(policy === "explicit" ? {} : { ackPolicy: policy }),
    ...(durable === undefined ? { durable: false } : {}),
  } as unknown as Omit<ConsumerInputs, "stream">;
}

/** Everything wrong with the inputs of a consumer, by the paths of the program; `stream` is its stream's settled configuration. */
export function consumerProblems(inputs: object, server?: ServerFacts, stream?: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const config = expandConsumer(inputs, problems);
  const settled = settledConsumer(config);
  problems.push(...zeroLimits(consumerFields, inputs), ...zeroOfConsumer(inputs, config));
  const faults = unusedOfConsumer(config);
  faults.push(...consumerConfigProblems(settled, server?.version ?? newestRelease));
  if (server) faults.push(...consumerLevelProblems(settled, server.level, server.version));
  if (stream) faults.push(...consumerStreamProblems(settled, stream));
  if (server?.clustered === false && Number(settled["num_replicas"]) > 1) {
    const reason = `${Number(settled["num_replicas"])} replicas need a cluster, and this server is alone`;
    faults.push({ path: "num_replicas", reason, fix: "replicas: 1" });
  }
  const { durable, inactiveThreshold } = inputs as ConsumerSettings;
  if (durable === false && inactiveThreshold === undefined) {
    const reason = "a consumer that is not durable ends once nobody has used it for 5s: every `up` would make it anew";
    const fix = 'inactiveThreshold: "1h", or leave out durable: false';
    problems.push({ path: "inactiveThreshold", reason, fix, severity: "warning" });
  }
  const options = inputs as ConsumerOptions;
  const named = nameProblem("stream", "stream", typeof options.stream === "string" ? options.stream : "");
  if (named) problems.push({ ...named, fix: named.fix ?? "stream: orders.name" });
  problems.push(...adoptProblems(options.adopt));
  if (options.onReplace !== undefined && !["resume", "restart"].includes(options.onReplace)) {
    const reason = `${JSON.stringify(options.onReplace)}: "resume" or "restart" is wanted`;
    problems.push({ path: "onReplace", reason, fix: 'onReplace: "resume"' });
  }
  if (options.onDataLoss !== undefined && !["refuse", "allow"].includes(options.onDataLoss)) {
    const reason = `${JSON.stringify(options.onDataLoss)}: "refuse" or "allow" is wanted`;
    const fix = 'onDataLoss: "refuse"; a backup is its stream\'s: onDataLoss: "backup" there';
    problems.push({ path: "onDataLoss", reason, fix });
  }
  return withNamedFaults(problems, faults, { argPath: consumerArgPath, argWords: consumerArgWords });
}

/** Fields and values that a server of that API level does not know. */
export function consumerLevelProblems(config: JsonObject, level: number, version: string): Problem[] {
  const problems = tooNew(consumerFields, config, "", level, version);
  const values = [
    ["ack_policy", "flow_control", 4, "2.14"],
    ["priority_policy", "prioritized", 2, "2.12"],
  ] as const;
  for (const [path, value, needed, release] of values) {
    if (config[path] !== value || level >= needed) continue;
    const reason = `"${value}" needs nats-server ${release} (API level ${needed}); this server is ${version} (API level ${level})`;
    problems.push({ path, reason, fix: "take another, or upgrade the servers" });
  }
  return problems;
}
