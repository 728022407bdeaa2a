import type { Problem } from "../errors";
import { ownerKey } from "./assetSettled";
import { formatJson, isObject, sameJson, textOf } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";

/** How a stream that can't become what is wanted is replaced. */
export type ReplaceBy = "mirror";

export function replaceByProblems(replaceBy: unknown): Problem[] {
  if (replaceBy === undefined || replaceBy === "mirror") return [];
  const reason = `${JSON.stringify(replaceBy)}: "mirror" is wanted, or nothing`;
  return [{ path: "replaceBy", reason, fix: 'replaceBy: "mirror"' }];
}

/** Metadata key that says how far a replacement is: on the stream, and on the one that holds its messages meanwhile. */
const stageKey = "pulumi-nats.replacement";
/** Metadata key of a stream whose subjects were taken away before its end: what they were. */
export const parkedKey = "pulumi-nats.parked";
/** Metadata key of a stream whose place one of another name takes: that name. */
const movedKey = "pulumi-nats.moved";
/** Metadata key of a consumer that goes on for one before it: where that one started, and when it was made. */
export const resumedKey = "pulumi-nats.resumed";
/** Metadata key of what is noted about a consumer while it is away. */
export const recordKey = "pulumi-nats.consumer";

/** "old" is one that no replacement has touched. */
export type OwnStage = "gone" | "old" | "parked" | "mirror" | "promoted";
export type OtherStage = "gone" | "copies" | "holds" | "parked";

/** The stream that holds the messages of another while that is replaced. */
export function replacementName(stream: string): string {
  return `${stream}_replacement`;
}

/** A subject that nobody publishes to, for a stream that must have one. */
export function parkedSubject(stream: string): string {
  return `pulumi-nats.parked.${stream}`;
}

/** undefined where no replacement has marked it. */
export function stageOf(config: JsonObject | undefined): string | undefined {
  const metadata = config?.["metadata"];
  const stage = isObject(metadata) ? metadata[stageKey] : undefined;
  return typeof stage === "string" ? stage : undefined;
}

export function withStage(config: JsonObject, stage: string | undefined, owner?: string): JsonObject {
  const { [stageKey]: _stage, ...rest } = (config["metadata"] ?? {}) as JsonObject;
  const own = owner === undefined ? rest : { ...rest, [ownerKey]: owner };
  return { ...config, metadata: stage === undefined ? own : { ...own, [stageKey]: stage } };
}

/** The stream that takes the place of this one; undefined where none does. */
export function movedTo({ metadata }: JsonObject): string | undefined {
  const name = isObject(metadata) ? metadata[movedKey] : undefined;
  return typeof name === "string" ? name : undefined;
}

/** The marks of a stream whose place another one takes: what that is, and the subjects that it had. */
export function withMove(config: JsonObject, to: string): JsonObject {
  const subjects = formatJson(config["subjects"] ?? []);
  const metadata = { ...(config["metadata"] as JsonObject | undefined), [movedKey]: to, [parkedKey]: subjects };
  return { ...config, metadata };
}

export function withoutMove(metadata: JsonObject): JsonObject {
  const { [movedKey]: _to, [parkedKey]: _subjects, ...rest } = metadata;
  return rest;
}

/** Where a consumer starts. */
export const startFields = ["deliver_policy", "opt_start_seq", "opt_start_time"] as const;

/** A consumer as it was before it had to go on in another place, and what it has in fact. */
export interface Resumed {
  readonly config: JsonObject;
  readonly created: string;
  /** Undefined for one that never had to. */
  readonly resumed?: JsonObject;
}

export function saidConsumer(config: JsonObject, created: string): Resumed {
  const metadata = (config["metadata"] ?? {}) as JsonObject;
  const mark = metadata[resumedKey];
  if (typeof mark !== "string") return { config, created };
  const { [resumedKey]: _mark, ...rest } = metadata;
  const { created: first, ...start } = JSON.parse(mark) as Record<string, Json> & { readonly created: string };
  const actual = Object.fromEntries(startFields.map((field) => [field, config[field]]));
  const { deliver_policy: _policy, opt_start_seq: _seq, opt_start_time: _time, ...others } = config;
  return {
    config: { ...others, ...start, metadata: rest },
    created: first,
    resumed: { ...actual, [resumedKey]: mark },
  };
}

/** What to send to a consumer that went on in another place, so that it stays there. */
export function keepResumed(live: Resumed, wanted: JsonObject): JsonObject {
  const { resumed, config } = live;
  if (!resumed || !sameJson(startIn(config), startIn(wanted))) return wanted;
  const { [resumedKey]: mark, ...start } = resumed;
  const metadata = { ...((wanted["metadata"] ?? {}) as JsonObject), [resumedKey]: textOf(mark) };
  return { ...wanted, ...start, metadata };
}

/** Where a configuration says that a consumer starts, defaults included. */
export function startIn({ deliver_policy, opt_start_seq, opt_start_time }: JsonObject): JsonObject {
  return { deliver_policy: deliver_policy ?? "all", opt_start_seq: opt_start_seq ?? 0, opt_start_time };
}
