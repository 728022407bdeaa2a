import { readFileSync } from "node:fs";
import { Command } from "commander";
import { NatsError } from "../errors";
import { formatJson, isObject, parseJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { newestRelease } from "../model/stream";
import { explainStream } from "../plan/streamExplain";
import type { StreamPlan } from "../plan/streamExplain";
import type { StreamState } from "../plan/streamRulesLoss";

const shape = `
OLD.json and NEW.json hold the server's JSON of a stream's configuration, or what \`nats stream info --json\` prints; OLD's state,
where it is there, says how many messages are lost.
JSON: {"serverVersion", "impact", "changes": [{"path", "from", "to", "impact", "losesMessages", "redelivers", "why"}]}
impact: none, update, one-way (in place, but it can't be undone), replace (a new stream), refused (no server takes it)`;

/** `pulumi-nats explain stream OLD.json NEW.json [--server-version V] [--json]`. */
export function explainStreamCommand(): Command {
  return new Command("stream")
    .description("say what a change of a stream's configuration does")
    .argument("<old>", "file with the configuration before")
    .argument("<new>", "file with the configuration after")
    .option("--server-version <version>", "release of the servers", newestRelease)
    .option("--json", "print JSON")
    .addHelpText("after", shape)
    .action((oldFile: string, newFile: string, options: { serverVersion: string; json?: boolean }) => {
      process.stdout.write(explainStreamFiles(oldFile, newFile, options));
    });
}

/** What the command prints. */
export function explainStreamFiles(
  oldFile: string,
  newFile: string,
  options: { readonly serverVersion: string; readonly json?: boolean },
): string {
  if (!/^v?\d+\.\d+(\.\d+)?/.test(options.serverVersion)) {
    throw new NatsError(
      `--server-version ${options.serverVersion} is no version. Fix: --server-version ${newestRelease}`,
    );
  }
  const [before, after] = [readConfig(oldFile), readConfig(newFile)];
  const { loss: _loss, ...plan } = explainStream(before.config, after.config, {
    serverVersion: options.serverVersion.replace(/^v/, ""),
    ...(before.state ? { state: before.state } : {}),
  });
  return options.json ? `${pretty(plan as unknown as Json, "")}\n` : text(plan);
}

function readConfig(file: string): { readonly config: JsonObject; readonly state?: StreamState } {
  let json: Json;
  try {
    json = parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new NatsError(`${file}: ${reason}`, { cause: error });
  }
  if (!isObject(json))
    throw new NatsError(`${file}: an object is wanted, the server's JSON of a stream's configuration`);
  const { config, state } = json;
  const found = isObject(config) ? config : json;
  const faulty = wrongTypes(found);
  if (faulty.length > 0) throw new NatsError(`${file}: ${faulty.join("; ")}`);
  return { config: found, ...(isObject(config) && isObject(state) ? { state: state as unknown as StreamState } : {}) };
}

/** Members that the server's own parser would not take, which has no rules to explain. */
function wrongTypes(config: JsonObject): string[] {
  const { streamFields } = require("../model/streamFields") as typeof import("../model/streamFields");
  return Object.values(streamFields).flatMap(({ json, kind }) => {
    const value = config[json];
    if (value === undefined || value === null) return [];
    const isNumber = typeof value === "number" || typeof value === "bigint";
    const numeric = ["whole", "limit", "size", "duration"].includes(kind as string);
    if (numeric && !isNumber) return [`${json}: a number is wanted (durations in nanoseconds, sizes in bytes)`];
    if (kind === "flag" && typeof value !== "boolean") return [`${json}: true or false is wanted`];
    if (
      typeof kind === "object" &&
      "choices" in kind &&
      value !== "" &&
      !(kind.choices as readonly Json[]).includes(value)
    ) {
      return [`${json}: one of ${kind.choices.join(", ")} is wanted`];
    }
    return [];
  });
}

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

function text({ impact, serverVersion, changes }: Omit<StreamPlan, "loss">): string {
  const lines = changes.map(
    (change) =>
      `  ${change.path}: ${formatJson(change.from)} → ${formatJson(change.to)}: ${change.impact}: ${change.why}`,
  );
  return `${impact} (nats-server ${serverVersion})\n${lines.map((line) => `${line}\n`).join("")}`;
}
