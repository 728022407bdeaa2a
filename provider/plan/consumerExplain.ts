import { consumerConfigProblems } from "../model/consumerChecks";
import { consumerLevelProblems } from "../model/consumer";
import { consumerFields } from "../model/consumerFields";
import { settledConsumer } from "../model/consumerSettled";
import { consumerStreamProblems } from "../model/consumerStreamChecks";
import { isError } from "../errors";
import { sameJson } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { apiLevelOf } from "../model/serverRelease";
import { assetChange, refusalsByField, sameSetting } from "./assetExplain";
import { highestAssetImpact } from "./assetImpact";
import type { AssetChange, AssetPlan } from "./assetImpact";
import { lossByFilter, redeliveryOf, resumeStart } from "./consumerRedelivery";
import type { ConsumerState } from "./consumerRedelivery";
import { consumerRules } from "./consumerRules";

export interface ExplainConsumerOptions {
  readonly serverVersion: string;
  /** Where the server said it; else by its version. */
  readonly apiLevel?: number;
  /** How far the consumer is; without it, redeliveries are what may happen. */
  readonly state?: ConsumerState;
  /** The settled configuration of its stream, where it is known. */
  readonly stream?: JsonObject;
  /** The server is one of a cluster; undefined where that is not known. */
  readonly clustered?: boolean;
  /** A replacement starts as its configuration says, not after what is acknowledged. */
  readonly restart?: boolean;
}

/** The plan of a consumer's change, with where a replacement starts. */
export interface ConsumerPlan extends AssetPlan {
  /** Fields of a replacement that make it go on after the acknowledged floor. */
  readonly start?: JsonObject;
}

/**
 * What happens when a consumer's configuration changes from one to the other (both the server's JSON): what changes in place,
 * what needs a new consumer and what that delivers again, what no server takes.
 */
export function explainConsumer(before: JsonObject, after: JsonObject, options: ExplainConsumerOptions): ConsumerPlan {
  const { serverVersion, state, stream } = options;
  const [old, wanted] = [settledConsumer(before, serverVersion), settledConsumer(after, serverVersion)];
  const start = options.restart ? undefined : resumeStart(old, wanted, state, stream?.["retention"]);
  const again = redeliveryOf(wanted, state, start, stream?.["retention"]);
  const loss = lossByFilter(old, wanted, state, stream);
  const refusals = refusalsOf(before, after, wanted, options);
  const changes: AssetChange[] = [];
  for (const [field, rule] of Object.entries(consumerRules)) {
    const [from, to] = [old[field], wanted[field]];
    const refusal = refusals.get(field);
    if (sameSetting("filter_subjects", field, from, to)) {
      if (refusal) changes.push(assetChange(field, from, to, "refused", false, refusal));
      continue;
    }
    const { impact, why } = rule({ from, to, version: serverVersion, state });
    const derived = sameJson(after[field], before[field])
      ? "; the server sets it by itself with the other changes"
      : "";
    if (refusal) changes.push(assetChange(field, from, to, "refused", false, refusal));
    else if (impact !== "replace") {
      const gone = field.startsWith("filter_") ? loss : undefined;
      const words = gone === undefined ? why : `${why}; ${gone}`;
      changes.push(assetChange(field, from, to, impact, gone !== undefined, words + derived));
    } else
      changes.push(
        assetChange(field, from, to, impact, again.loses, `${why}; ${again.text}${derived}`, again.redelivers),
      );
  }
  for (const [field, reason] of refusals) {
    if (!(field in consumerRules))
      changes.push(assetChange(field, before[field], after[field], "refused", false, reason));
  }
  const impact = highestAssetImpact(changes.map((each) => each.impact));
  return { serverVersion, impact, changes, ...(impact === "replace" && start ? { start } : {}) };
}

const known = new Set<string>(Object.values(consumerFields).map(({ json }) => json));

function refusalsOf(
  before: JsonObject,
  after: JsonObject,
  wanted: JsonObject,
  options: ExplainConsumerOptions,
): Map<string, string> {
  const { serverVersion, stream } = options;
  const level = options.apiLevel ?? apiLevelOf(serverVersion);
  return refusalsByField({
    level,
    fields: consumerFields,
    before,
    after,
    wanted,
    serverVersion,
    clustered: options.clustered,
    faults: [
      ...consumerConfigProblems(wanted, serverVersion),
      ...(stream ? consumerStreamProblems(wanted, stream).filter(isError) : []),
    ],
    tooNew: consumerLevelProblems(wanted, level, serverVersion),
    strays: Object.keys(after).filter((key) => !known.has(key)),
  });
}
