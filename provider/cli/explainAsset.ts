import { readFileSync } from "node:fs";
import { Command } from "commander";
import { NatsError } from "../errors";
import { formatJson, isObject, parseJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import type { Fields } from "../model/jsonFields";
import { canonicalKeys, typeFaults } from "../model/jsonTypes";
import { newestRelease } from "../model/stream";
import type { AssetPlan } from "../plan/assetImpact";
import { UnreadableFile } from "./unreadableFile";

export interface ExplainAssetOptions {
  readonly serverVersion: string;
  readonly json?: boolean;
}

/** A command that says what becomes of one kind of object between two files. */
export function assetCommand(
  what: string,
  help: string,
  explain: (oldFile: string, newFile: string, options: ExplainAssetOptions) => string,
): Command {
  return new Command(what)
    .description(`say what a change of a ${what}'s configuration does`)
    .argument("<old>", "file with the configuration before")
    .argument("<new>", "file with the configuration after")
    .option("--server-version <version>", "release of the servers", newestRelease)
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((oldFile: string, newFile: string, options: ExplainAssetOptions) => {
      process.stdout.write(explain(oldFile, newFile, options));
    });
}

export function planText(plan: AssetPlan, options: ExplainAssetOptions): string {
  return options.json ? `${pretty(plan as unknown as Json, "")}\n` : text(plan);
}

/** What one kind of JetStream object is, for its files. */
export interface ExplainedKind {
  /** "stream". */
  readonly what: string;
  readonly fields: Fields;
}

/** The configuration in a file, and all of what `nats … info --json` prints beside it. */
export function readConfig(
  file: string,
  { what, fields }: ExplainedKind,
): { readonly config: JsonObject; readonly info?: JsonObject } {
  let json: Json;
  try {
    json = parseJson(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UnreadableFile(file, error);
  }
  if (!isObject(json) || (json["config"] !== undefined && !isObject(json["config"])))
    throw new NatsError(`${file}: an object is wanted, the server's JSON of a ${what}'s configuration`);
  const { config } = json;
  const found = canonicalKeys(isObject(config) ? config : json, fields);
  const other = othersKeys(found, what === "consumer");
  if (other !== undefined) {
    const [is, command] = what === "consumer" ? ["a stream's", "stream"] : ["a consumer's", "consumer"];
    const fix = `a file with the JSON of a ${what}'s configuration, or pulumi-nats explain ${command}`;
    throw new NatsError(`${file}: this is ${is} configuration (${other}), a ${what}'s is wanted. Fix: ${fix}`);
  }
  const faulty = typeFaults(found, fields);
  if (faulty.length > 0) throw new NatsError(`${file}: ${faulty.join("; ")}`);
  return { config: found, ...(isObject(config) ? { info: json } : {}) };
}

/** Keys of the other kind of object, where a configuration has none that tell it as its own. */
function othersKeys(config: JsonObject, isConsumer: boolean): string | undefined {
  const [own, others] = isConsumer ? [ofConsumers, ofStreams] : [ofStreams, ofConsumers];
  if (own.some((key) => key in config)) return undefined;
  const found = others.filter((key) => key in config);
  return found.length === 0 ? undefined : found.slice(0, 3).join(", ");
}

const ofStreams = ["subjects", "retention", "storage", "discard", "max_msgs", "max_age", "mirror", "sources"];
const ofConsumers = ["ack_policy", "deliver_policy", "durable_name", "filter_subject", "ack_wait", "max_deliver"];

function pretty(value: Json, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const members = value as readonly Json[];
    return members.length === 0
      ? "[]"
      : `[\n${members.map((each) => inner + pretty(each, inner)).join(",\n")}\n${indent}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const lines = members.map(([key, member]) => `${inner}${JSON.stringify(key)}: ${pretty(member!, inner)}`);
    return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
  }
  return formatJson(value);
}

function text({ impact, serverVersion, changes }: AssetPlan): string {
  const lines = changes.map(
    (change) =>
      `  ${change.path}: ${formatJson(change.from)} → ${formatJson(change.to)}: ${change.impact}: ${change.why}`,
  );
  return `${impact} (nats-server ${serverVersion})\n${lines.map((line) => `${line}\n`).join("")}`;
}
