import { atLeast } from "../model/serverRelease";
import { leaksSecret } from "./configLeaks";
import type { ConfigRule, RuleContext } from "./configRule";
import { authRules } from "./configRulesAuth";
import { jetStreamRules } from "./configRulesJetStream";
import { leafRules, linkRules } from "./configRulesLinks";
import { listenerRules } from "./configRulesListeners";
import { serverRules } from "./configRulesServer";
import { memberDifferences } from "./diffConf";
import type { ConfDifference } from "./diffConf";
import { highestImpact } from "./impact";
import type { Hazard, Impact } from "./impact";

export interface Verdict {
  readonly impact: Impact;
  readonly why: string;
  readonly hazards: readonly Hazard[];
}

/** What one difference costs on a server of that version. */
export function judge(change: ConfDifference, context: RuleContext, version: string): Verdict {
  const rule = ruleFor(change, context, version);
  const own = withLeaks(rule ? fromRule(rule) : fromFact(change), change, context, version);
  if (rule?.whole || !comesOrGoesAsBlock(change)) return own;
  const parts = memberDifferences(change).map((member) => {
    const verdict = judge(member, context, version);
    return { ...verdict, why: `${member.path}: ${verdict.why}` };
  });
  return combine([own, ...parts]);
}

/** All rows, in the order in which they are tried. */
export const configRules: readonly ConfigRule[] = [
  ...serverRules,
  ...authRules,
  ...jetStreamRules,
  ...linkRules,
  ...leafRules,
  ...listenerRules,
];

function ruleFor(change: ConfDifference, context: RuleContext, version: string): ConfigRule | undefined {
  return candidates(change.rulePath).find(
    (rule) =>
      (rule.since === undefined || atLeast(version, rule.since)) &&
      (rule.before === undefined || !atLeast(version, rule.before)) &&
      (rule.when === undefined || rule.when(change, context)),
  );
}

let byPath: Map<string, ConfigRule[]> | undefined;

function candidates(rulePath: string): readonly ConfigRule[] {
  byPath ??= indexRules();
  const own = byPath.get(rulePath);
  const found = own ? [...own] : [];
  for (let end = rulePath.lastIndexOf("."); end > 0; end = rulePath.lastIndexOf(".", end - 1)) {
    const wide = byPath.get(`${rulePath.slice(0, end)}.*`);
    if (wide) found.push(...wide);
  }
  return found;
}

function indexRules(): Map<string, ConfigRule[]> {
  const index = new Map<string, ConfigRule[]>();
  for (const rule of configRules) {
    for (const path of typeof rule.path === "string" ? [rule.path] : rule.path) {
      const list = index.get(path);
      if (list) list.push(rule);
      else index.set(path, [rule]);
    }
  }
  return index;
}

function comesOrGoesAsBlock(change: ConfDifference): boolean {
  const value = change.from ?? change.to;
  return (change.from === undefined || change.to === undefined) && value instanceof Map;
}

function combine(verdicts: readonly Verdict[]): Verdict {
  const impact = highestImpact(verdicts.map((verdict) => verdict.impact));
  const deciding = verdicts.find((verdict) => verdict.impact === impact)!;
  return { impact, why: deciding.why, hazards: [...new Set(verdicts.flatMap((verdict) => verdict.hazards))] };
}

function fromRule(rule: ConfigRule): Verdict {
  return { impact: rule.impact, why: rule.why, hazards: rule.hazards ?? [] };
}

/** What the facts say of the key itself, where no row of the table says more. */
function fromFact(change: ConfDifference): Verdict {
  const fact = change.fact;
  if (!fact)
    return {
      impact: "rolling-restart",
      why: "not a key that this table knows: taken by a restart at the latest",
      hazards: [],
    };
  const impact = factImpacts[fact.impact] ?? (fact.reload === "hot" ? "hot-reload" : "rolling-restart");
  return {
    impact,
    why: fact.note === undefined ? plainWords[impact] : `${plainWords[impact]}. ${fact.note}`,
    hazards: [],
  };
}

const factImpacts: Readonly<Record<string, Impact>> = {
  "hot-reload": "hot-reload",
  "hot-coordinated": "ordered-reload",
  "rolling-restart": "rolling-restart",
  "full-cluster": "full-cluster",
  "replace-node": "new-identity",
  "replace-node-data": "new-identity",
};

const plainWords: Readonly<Record<Impact, string>> = {
  none: "no change in effect",
  "hot-reload": "taken by a reload",
  "ordered-reload": "taken by a reload, in the right order over the servers",
  "rolling-restart": "a reload refuses it",
  "full-cluster": "all servers must change together",
  "new-identity": "the server comes back as another one",
  refused: "can't be reached in place",
};

function withLeaks(verdict: Verdict, change: ConfDifference, context: RuleContext, version: string): Verdict {
  const restarts = verdict.impact === "rolling-restart" || verdict.impact === "full-cluster";
  if (!restarts || verdict.hazards.includes("leaks") || !leaksSecret(change, context, version)) return verdict;
  const why = `${verdict.why}; the refusal would print a password in the server's log, so it is never tried`;
  return { ...verdict, why, hazards: [...verdict.hazards, "leaks"] };
}
