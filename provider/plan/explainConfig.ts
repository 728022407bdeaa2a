import type { ConfMap } from "../conf/value";
import { judge } from "./configRules";
import { asWritten } from "./asWritten";
import { diffConf } from "./diffConf";
import type { ConfDiff, ConfDifference } from "./diffConf";
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
  return { serverVersion, impact: highestImpact(changes.map((change) => change.impact)), changes: oneEach(changes) };
}

function toChange(difference: ConfDifference, diff: ConfDiff, version: string): ConfigChange {
  const { impact, why, hazards } = judge(difference, diff, version);
  const written = asWritten(difference, diff.spelled);
  const mask = (side: "from" | "to") => maskValue(written[side], difference.fact, difference.node);
  const words = `${why.replace(/\.$/, "")} [nats-server ${testedVersion(version)}]`;
  const change = { path: written.path, from: mask("from"), to: mask("to"), impact, why: words };
  return hazards.length > 0 ? { ...change, hazards } : change;
}

/** Host and port of one `listen` are one change. */
function oneEach(changes: readonly ConfigChange[]): readonly ConfigChange[] {
  const byPath = new Map<string, ConfigChange>();
  for (const change of changes) {
    const known = byPath.get(change.path);
    if (!known || highestImpact([known.impact, change.impact]) !== known.impact) byPath.set(change.path, change);
  }
  return [...byPath.values()];
}
