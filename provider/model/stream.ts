import type { Problem } from "../errors";
import { ownMetadata } from "./assetSettled";
import { adoptProblems, assetWords, withNamedFaults } from "./assetWords";
import type { AssetWords } from "./assetWords";
import { dataProblems } from "./backup";
import type { DataOptions } from "./backup";
import { textOf } from "./exactJson";
import type { JsonObject } from "./exactJson";
import { expandFields, flattenFields } from "./jsonFields";
import { streamConfigProblems } from "./streamChecks";
import { streamAliases, streamFields } from "./streamFields";
import { replaceByProblems } from "./replacement";
import type { ReplaceBy } from "./replacement";
import { levelProblems } from "./streamLevel";
import { settledStream } from "./streamSettled";
import type { StreamSettings } from "./streamSettings";
import { noSubjects, zeroLimits } from "./unusedSettings";

/** What beside the stream's own settings belongs to a stream in a program. */
export interface StreamOptions extends DataOptions {
  readonly adopt?: boolean;
  readonly replaceBy?: ReplaceBy;
}

export interface StreamInputs extends StreamSettings, StreamOptions {
  readonly name: string;
}

/** Properties that no server knows. */
export const streamOptionNames: readonly string[] = ["adopt", "onDataLoss", "backup", "restoreFrom", "replaceBy"];

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
  const settings = Object.entries(inputs).filter(([key]) => !streamOptionNames.includes(key));
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
  if (config["mirror"] !== undefined && Number(config["duplicate_window"] ?? 0) > 0) {
    const reason = "a mirror has no duplicate window: servers forget it with their next start";
    problems.push({ path: "duplicateWindow", reason, fix: "leave it out", severity: "warning" });
  }
  problems.push(...zeroLimits(streamFields, inputs), ...noSubjects(inputs, config));
  return withStreamFaults(problems, config, inputs, { argPath, argWords }, server);
}

/** `problems` of reading the inputs, and what is wrong with the stream's configuration that they make. */
export function withStreamFaults(
  problems: Problem[],
  config: JsonObject,
  options: StreamOptions,
  words: AssetWords,
  server?: ServerFacts,
): Problem[] {
  const version = server?.version ?? newestRelease;
  const settled = settledStream(config, version);
  const faults = streamConfigProblems(config, version);
  if (server) faults.push(...levelProblems(config, server.level, server.version));
  if (settled["mirror_direct"] === true && settled["mirror"] === undefined) {
    faults.push({ path: "mirror_direct", reason: "only a mirror can have it", fix: "leave it out, or add mirror" });
  }
  if (server?.clustered === false && Number(settled["num_replicas"]) > 1) {
    const reason = `${Number(settled["num_replicas"])} replicas need a cluster, and this server is alone`;
    faults.push({ path: "num_replicas", reason, fix: "replicas: 1" });
  }
  problems.push(...adoptProblems(options.adopt), ...dataProblems(options, textOf(config["name"])));
  problems.push(...replaceByProblems(options.replaceBy));
  return withNamedFaults(problems, faults, words);
}

/** The server's names as a program writes them. */
export const { argPath, argWords } = assetWords(streamFields);
