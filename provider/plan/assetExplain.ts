import { problemText } from "../errors";
import type { Problem } from "../errors";
import { sameJson } from "../model/exactJson";
import type { Json, JsonObject } from "../model/exactJson";
import { tooNew } from "../model/assetLevel";
import type { Fields } from "../model/jsonFields";
import { atLeast } from "../model/serverRelease";
import { meantName } from "../model/unknownProperty";
import type { AssetChange, AssetImpact } from "./assetImpact";

/** What the server's refusals of a new configuration are told by. */
export interface RefusalFacts {
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** `after`, settled. */
  readonly wanted: JsonObject;
  readonly serverVersion: string;
  readonly clustered: boolean | undefined;
  readonly faults: readonly Problem[];
  readonly level: number;
  readonly fields: Fields;
  /** What that level does not know of values. */
  readonly tooNew: readonly Problem[];
  /** Keys of `after` that are no field. */
  readonly strays: readonly string[];
}

/** Field to the reason why no server takes the new configuration. */
export function refusalsByField(facts: RefusalFacts): Map<string, string> {
  const { before, after, wanted, serverVersion } = facts;
  const found = new Map<string, string>();
  const put = (path: string, reason: string) => {
    const field = /^[^.[]*/.exec(path)![0];
    if (!found.has(field)) found.set(field, reason);
  };
  for (const fault of facts.faults) put(fault.path, `the server refuses it: ${problemText(fault)}`);
  const isStrict = atLeast(serverVersion, "2.12");
  const unknown = isStrict ? tooNew(facts.fields, after, "", facts.level, serverVersion, true) : [];
  for (const fault of [...facts.tooNew, ...unknown]) put(fault.path, fault.reason);
  for (const key of facts.strays) {
    const field = /^[^.[]*/.exec(key)![0];
    const meant = meantName(/[^.]*$/.exec(key)![0], serverNames(facts.fields));
    const fix = meant === undefined ? "" : `. Fix: write "${meant}"`;
    if (isStrict) put(key, `no server knows "${key}" (10025)${fix}`);
    else if (!sameJson(before[field], after[field])) put(key, `no server knows "${key}"; it would be dropped${fix}`);
  }
  if (facts.clustered === false && Number(wanted["num_replicas"]) > 1) {
    put("num_replicas", "a server without a cluster keeps one replica (10074)");
  }
  return found;
}

/** The names of fields at any depth. */
function serverNames(fields: Fields): string[] {
  return Object.values(fields).flatMap(({ json, kind }) => {
    const inner = typeof kind !== "object" ? {} : "object" in kind ? kind.object : "list" in kind ? kind.list : {};
    return [json, ...serverNames(inner)];
  });
}

/** Equal for the server; in the list named `unordered`, order means nothing. */
export function sameSetting(unordered: string, field: string, from: Json | undefined, to: Json | undefined): boolean {
  if (field !== unordered || !Array.isArray(from) || !Array.isArray(to)) return sameJson(from, to);
  return sameJson([...(from as string[])].sort(), [...(to as string[])].sort());
}

export function assetChange(
  path: string,
  from: Json | undefined,
  to: Json | undefined,
  impact: AssetImpact,
  losesMessages: boolean,
  why: string,
  redelivers = false,
): AssetChange {
  return { path, from: from ?? null, to: to ?? null, impact, losesMessages, redelivers, why };
}
