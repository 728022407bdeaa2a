import type { ConfMap } from "../conf/value";
import { judge } from "./configRules";
import { diffConf } from "./diffConf";
import type { ConfDifference } from "./diffConf";
import { highestImpact } from "./impact";
import type { ConfigChange, Impact } from "./impact";
import { maskValue } from "./maskValue";
import { testedVersion } from "./testedVersion";

export interface ConfigExplanation {
  readonly serverVersion: string;
  /** A reload takes a file as a whole or not at all, so this is the highest of the changes'. */
  readonly impact: Impact;
  readonly changes: readonly ConfigChange[];
}

export interface ExplainOptions {
  /** nats-server's version, such as "2.12.15"; default the newest that the rules were held against. */
  readonly serverVersion?: string;
}

/** What it costs to move a running server from one configuration to another. Secrets of both stand as "[secret]". */
export function explainConfig(from: ConfMap, to: ConfMap, options: ExplainOptions = {}): ConfigExplanation {
  const serverVersion = options.serverVersion ?? testedVersion();
  const diff = diffConf(from, to);
  const changes = diff.differences
    .map((difference) => toChange(difference, diff, serverVersion))
    .filter((change) => change.impact !== "none");
  return { serverVersion, impact: highestImpact(changes.map((change) => change.impact)), changes };
}

function toChange(difference: ConfDifference, context: { from: ConfMap; to: ConfMap }, version: string): ConfigChange {
  const { impact, why, hazards } = judge(difference, context, version);
  const mask = (side: "from" | "to") => maskValue(difference[side], difference.fact, difference.node);
  const change = {
    path: difference.path,
    from: mask("from"),
    to: mask("to"),
    impact,
    why: `${why} [nats-server ${testedVersion(version)}]`,
  };
  return hazards.length > 0 ? { ...change, hazards } : change;
}
