import type { Problem } from "../errors";
import type { JsonObject } from "./exactJson";
import { expandFields, flattenFields } from "./jsonFields";
import type { Field, Fields } from "./jsonFields";
import { streamConfigProblems } from "./streamChecks";
import { streamAliases, streamFields } from "./streamFields";
import { levelProblems } from "./streamLevel";
import { ownMetadata, settledStream } from "./streamSettled";
import type { StreamSettings } from "./streamSettings";

/** What beside the stream's own settings belongs to a stream in a program. */
export interface StreamOptions {
  readonly adopt?: boolean;
  readonly onDataLoss?: "refuse" | "allow";
}

export interface StreamInputs extends StreamSettings, StreamOptions {
  readonly name: string;
}

/** Properties that no server knows. */
export const streamOptionNames = ["adopt", "onDataLoss"] as const;

/** Releases differ in a few defaults; without a server at hand the newest is meant. */
export const newestRelease = "2.15.2";

/** What a server could say about itself. */
export interface ServerFacts {
  readonly version: string;
  readonly level: number;
  readonly clustered?: boolean;
}

/** The server's JSON, without what is default; faults of names, types and units are added to `problems`. */
export function expandStream(inputs: object, problems: Problem[] = []): JsonObject {
  const settings = Object.entries(inputs).filter(([key]) => !(streamOptionNames as readonly string[]).includes(key));
  return expandFields(streamFields, Object.fromEntries(settings), problems, "", streamAliases);
}

/** The server's JSON as a program would say it, without what is default or was added by servers and by us. */
export function flattenStream(config: JsonObject, version: string): StreamInputs {
  const metadata = ownMetadata(config["metadata"]);
  const settled = settledStream({ ...config, metadata }, version);
  const { duplicate_window: window, subjects: _subjects, ...rest } = settled;
  // Sent explicitly only where it is not what the server would choose by itself.
  const { duplicate_window: _given, ...others } = config;
  const usual = settledStream(others, version)["duplicate_window"];
  const inputs = flattenFields(streamFields, {
    ...rest,
    subjects: config["subjects"],
    ...(window === usual ? {} : { duplicate_window: window }),
  });
  return inputs as unknown as StreamInputs;
}

/** Everything wrong with the inputs of a stream, by the paths of the program. */
export function streamProblems(inputs: object, server?: ServerFacts): Problem[] {
  const problems: Problem[] = [];
  const config = expandStream(inputs, problems);
  const settled = settledStream(config, server?.version ?? newestRelease);
  const faults = streamConfigProblems(settled);
  if (server) faults.push(...levelProblems(config, server.level, server.version));
  if (settled["mirror_direct"] === true && settled["mirror"] === undefined) {
    faults.push({ path: "mirror_direct", reason: "only a mirror can have it", fix: "leave it out, or add mirror" });
  }
  if (server?.clustered === false && Number(settled["num_replicas"]) > 1) {
    const reason = `${Number(settled["num_replicas"])} replicas need a cluster, and this server is alone`;
    faults.push({ path: "num_replicas", reason, fix: "replicas: 1" });
  }
  const named = faults.map((fault) => ({
    ...fault,
    path: argPath(fault.path),
    reason: argWords(fault.reason),
    ...(fault.fix ? { fix: argWords(fault.fix) } : {}),
  }));
  const options = inputs as StreamOptions;
  if (options.adopt !== undefined && typeof options.adopt !== "boolean") {
    problems.push({ path: "adopt", reason: `${JSON.stringify(options.adopt)}: true or false is wanted` });
  }
  if (options.onDataLoss !== undefined && !["refuse", "allow"].includes(options.onDataLoss)) {
    problems.push({
      path: "onDataLoss",
      reason: `${JSON.stringify(options.onDataLoss)}: "refuse" or "allow" is wanted`,
      fix: 'onDataLoss: "refuse"',
    });
  }
  // A value that could not be read is absent in the configuration: what follows from its absence says nothing new.
  const unread = new Set(problems.map((problem) => /^[^.[]*/.exec(problem.path)![0]));
  return [...problems, ...named.filter((problem) => !unread.has(/^[^.[]*/.exec(problem.path)![0]))];
}

/** `mirror.subject_transforms[0].src` as a program writes it. */
export function argPath(path: string): string {
  let fields: Fields = streamFields;
  return path
    .split(".")
    .map((segment) => {
      const [, key, index] = /^([^[]*)(.*)$/.exec(segment)!;
      const found = Object.entries(fields).find(([, field]) => field.json === key);
      if (!found) return segment;
      const { kind }: Field = found[1];
      if (typeof kind === "object" && "object" in kind) fields = kind.object;
      if (typeof kind === "object" && "list" in kind) fields = kind.list;
      return `${found[0]}${index}`;
    })
    .join(".");
}

const spellings = Object.entries(streamFields)
  .filter(([name, field]) => name !== field.json && field.json.includes("_"))
  .map(([name, field]) => [new RegExp(`\\b${field.json}\\b`, "g"), name] as const);

/** A text with the names that a program uses in place of the server's. */
export function argWords(text: string): string {
  return spellings.reduce((words, [pattern, name]) => words.replace(pattern, name), text);
}
