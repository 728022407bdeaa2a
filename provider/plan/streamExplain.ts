import { counted } from "../model/counted";
import type { JsonObject } from "../model/exactJson";
import { sameJson } from "../model/exactJson";
import { apiLevelOf } from "../model/serverRelease";
import { streamConfigProblems } from "../model/streamChecks";
import { streamFields } from "../model/streamFields";
import { levelProblems, strayKeys } from "../model/streamLevel";
import { settledStream } from "../model/streamSettled";
import { assetChange, refusalsByField, sameSetting } from "./assetExplain";
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
  const frozen = isFrozen(before, old, wanted) ? unchangeable : undefined;
  for (const [field, rule] of Object.entries(streamRules)) {
    const [from, to] = [old[field], wanted[field]];
    const refusal = refusals.get(field);
    if (sameSetting("subjects", field, from, to)) {
      if (refusal) changes.push(assetChange(field, from, to, "refused", false, refusal));
      continue;
    }
    const verdict = frozen ?? rule({ from, to, old, new: wanted, version: serverVersion });
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
    changes.push(assetChange(field, from, to, impact, replaces || (lost?.loses ?? false), why));
  }
  for (const [field, reason] of refusals) {
    if (!(field in streamRules))
      changes.push(assetChange(field, before[field], after[field], "refused", false, reason));
  }
  const impact = highestAssetImpact(changes.map((each) => each.impact));
  if (impact === "replace")
    loss = {
      loses: state === undefined || state.messages > 0,
      ...(state ? { count: state.messages, exact: true } : {}),
    };
  return { serverVersion, impact, changes, loss };
}

/**
 * A server lets delete markers take the ban on purges away, and refuses just that of a sealed stream: as long as it has the ban,
 * which is gone when the server has started again.
 */
function isFrozen(before: JsonObject, old: JsonObject, wanted: JsonObject): boolean {
  const rollsUp = Number(wanted["subject_delete_marker_ttl"]) > 0;
  const isLifted = before["sealed"] === true && before["deny_purge"] === false;
  return wanted["sealed"] === true && old["deny_purge"] === true && rollsUp && !isLifted;
}

const unchangeable = {
  impact: "replace",
  why: "the server takes no change of a sealed stream that has delete markers (10052)",
} as const;

/** "deletes about 15 of 20 messages", or "" where nothing is lost. */
export function lossText(loss: Loss, state: StreamState | undefined): string {
  if (!loss.loses) return "";
  if (!state) return "may delete messages";
  if (loss.count === undefined) return `may delete some of ${counted(state.messages, "message")}`;
  if (loss.count >= state.messages)
    return `deletes ${state.messages === 1 ? "its only message" : `all ${counted(state.messages, "message")}`}`;
  return `deletes ${loss.exact ? "" : "about "}${loss.count} of ${counted(state.messages, "message")}`;
}

/** Field to the reason why no server takes the new configuration. */
function refusalsOf(
  before: JsonObject,
  after: JsonObject,
  wanted: JsonObject,
  options: ExplainOptions,
): Map<string, string> {
  const { serverVersion } = options;
  const level = options.apiLevel ?? apiLevelOf(serverVersion);
  return refusalsByField({
    level,
    fields: streamFields,
    before,
    after,
    wanted,
    serverVersion,
    clustered: options.clustered,
    faults: streamConfigProblems(after, serverVersion),
    tooNew: levelProblems(wanted, level, serverVersion),
    strays: strayKeys(after),
  });
}

/** Limits overlap, so their losses don't add up: the largest counts. */
function more(left: Loss, right: Loss): Loss {
  if (!left.loses) return right;
  if (left.count === undefined) return right.count === undefined ? left : { ...right, exact: false };
  if (right.count === undefined) return { ...left, exact: false };
  return left.count > right.count ? { ...left, exact: false } : { ...right, exact: false };
}
