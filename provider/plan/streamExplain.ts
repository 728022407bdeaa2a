import type { Json, JsonObject } from "../model/exactJson";
import { sameJson } from "../model/exactJson";
import { apiLevelOf, atLeast } from "../model/serverRelease";
import { streamConfigProblems } from "../model/streamChecks";
import { levelProblems, strayKeys } from "../model/streamLevel";
import { settledStream } from "../model/streamSettled";
import { problemText } from "../errors";
import { highestAssetImpact } from "./assetImpact";
import type { AssetChange, AssetImpact, AssetPlan } from "./assetImpact";
import { streamRules } from "./streamRules";
import { lossOf } from "./streamRulesLoss";
import type { Loss, StreamState } from "./streamRulesLoss";

export interface ExplainOptions {
  readonly serverVersion: string;
  /** Where the server said it; else by its version. */
  readonly apiLevel?: number;
  /** What the stream holds; without it, losses are what may happen. */
  readonly state?: StreamState;
  /** The server is one of a cluster; undefined where that is not known. */
  readonly clustered?: boolean;
  /** Time of the state in milliseconds, default now. */
  readonly now?: number;
}

/** The plan of a stream's change, with how many messages its updates delete in all. */
export interface StreamPlan extends AssetPlan {
  readonly loss: Loss;
}

/**
 * What happens when a stream's configuration changes from one to the other (both the server's JSON): what changes in place,
 * what can't be undone, what needs a new stream, what no server takes, and what is deleted on the way.
 */
export function explainStream(before: JsonObject, after: JsonObject, options: ExplainOptions): StreamPlan {
  const { serverVersion, state } = options;
  const [old, wanted] = [settledStream(before, serverVersion), settledStream(after, serverVersion)];
  const refusals = refusalsOf(before, after, wanted, options);
  const changes: AssetChange[] = [];
  let loss: Loss = { loses: false };
  for (const [field, rule] of Object.entries(streamRules)) {
    const [from, to] = [old[field], wanted[field]];
    const refusal = refusals.get(field);
    if (isSame(field, from, to)) {
      if (refusal) changes.push(change(field, from, to, "refused", false, refusal));
      continue;
    }
    const verdict = rule({ from, to, old, new: wanted, version: serverVersion });
    const impact: AssetImpact = refusal ? "refused" : verdict.impact;
    const lost =
      impact === "update" || impact === "one-way"
        ? lossOf(field, old, wanted, serverVersion, state, options.now)
        : undefined;
    if (lost?.loses) loss = more(loss, lost);
    const replaces = impact === "replace" && (state === undefined || state.messages > 0);
    const count = lost?.loses ? lossText(lost, state) : "";
    const derived = sameJson(after[field], before[field])
      ? "; the server sets it by itself with the other changes"
      : "";
    const why = refusal ?? `${verdict.why}${count === "" ? "" : `; ${count}`}${derived}`;
    changes.push(change(field, from, to, impact, replaces || (lost?.loses ?? false), why));
  }
  for (const [field, reason] of refusals) {
    if (!(field in streamRules)) changes.push(change(field, before[field], after[field], "refused", false, reason));
  }
  const impact = highestAssetImpact(changes.map((each) => each.impact));
  if (impact === "replace")
    loss = {
      loses: state === undefined || state.messages > 0,
      ...(state ? { count: state.messages, exact: true } : {}),
    };
  return { serverVersion, impact, changes, loss };
}

/** "deletes about 15 of 20 messages", or "" where nothing is lost. */
export function lossText(loss: Loss, state: StreamState | undefined): string {
  if (!loss.loses) return "";
  if (!state) return "may delete messages";
  if (loss.count === undefined) return `may delete some of ${counted(state.messages)}`;
  if (loss.count >= state.messages)
    return `deletes ${state.messages === 1 ? "its only message" : `all ${counted(state.messages)}`}`;
  return `deletes ${loss.exact ? "" : "about "}${loss.count} of ${counted(state.messages)}`;
}

function counted(messages: number): string {
  return `${messages} ${messages === 1 ? "message" : "messages"}`;
}

/** Field to the reason why no server takes the new configuration. */
function refusalsOf(
  before: JsonObject,
  after: JsonObject,
  wanted: JsonObject,
  options: ExplainOptions,
): Map<string, string> {
  const { serverVersion } = options;
  const found = new Map<string, string>();
  const put = (path: string, reason: string) => {
    const field = /^[^.[]*/.exec(path)![0];
    if (!found.has(field)) found.set(field, reason);
  };
  for (const problem of streamConfigProblems(wanted))
    put(problem.path, `the server refuses it: ${problemText(problem)}`);
  for (const problem of levelProblems(wanted, options.apiLevel ?? apiLevelOf(serverVersion), serverVersion)) {
    put(problem.path, problem.reason);
  }
  for (const key of strayKeys(after)) {
    if (atLeast(serverVersion, "2.12")) put(key, `no server knows "${key}" (10025)`);
    else if (!sameJson(before[key], after[key])) put(key, `no server knows "${key}"; it would be dropped`);
  }
  if (options.clustered === false && Number(wanted["num_replicas"]) > 1) {
    put("num_replicas", "a server without a cluster keeps one replica (10074)");
  }
  return found;
}

function isSame(field: string, from: Json | undefined, to: Json | undefined): boolean {
  if (field !== "subjects" || !Array.isArray(from) || !Array.isArray(to)) return sameJson(from, to);
  return sameJson([...(from as string[])].sort(), [...(to as string[])].sort());
}

function change(
  path: string,
  from: Json | undefined,
  to: Json | undefined,
  impact: AssetImpact,
  losesMessages: boolean,
  why: string,
): AssetChange {
  return { path, from: from ?? null, to: to ?? null, impact, losesMessages, redelivers: false, why };
}

/** Limits overlap, so their losses don't add up: the largest counts. */
function more(left: Loss, right: Loss): Loss {
  if (!left.loses) return right;
  if (left.count === undefined) return right.count === undefined ? left : { ...right, exact: false };
  if (right.count === undefined) return { ...left, exact: false };
  return left.count > right.count ? { ...left, exact: false } : { ...right, exact: false };
}
