import type { Problem } from "../errors";
import { isObject } from "../model/exactJson";
import { moreProblems } from "../model/moreProblems";
import { plainName } from "../model/names";
import type { Note } from "./assetDiff";
import type { AssetSetKind, Member } from "./assetSet";
import { memberPath } from "./assetSet";

const mostLines = 20;
const mostNames = 5;

/** What is said of single members, once for all of whom the same is said. */
export function groupedNotes(
  noun: string,
  notes: readonly (Note & { readonly id: string })[],
): { readonly severity: "info" | "warning"; readonly message: string }[] {
  const groups = new Map<string, { severity: "info" | "warning"; message: string; ids: string[] }>();
  for (const { id, severity, message } of notes) {
    const key = `${severity} ${message}`;
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { severity, message, ids: [id] });
  }
  // What warns stands first, and is not what is left out.
  const all = [...groups.values()].sort((left, right) => rank(left.severity) - rank(right.severity));
  const shown = all.slice(0, mostLines).map(({ severity, message, ids }) => ({
    severity,
    message: `${namesOf(noun, ids)}: ${message}`,
  }));
  const rest = all.slice(mostLines);
  if (rest.length === 0) return shown;
  const count = rest.reduce((sum, { ids }) => sum + ids.length, 0);
  return [...shown, { severity: rest[0]!.severity, message: `the like for ${count} more ${noun}s` }];
}

/** `stream "ORDERS"`, `1000 streams ("A", "B", …)`. */
export function namesOf(noun: string, ids: readonly string[], most = mostNames): string {
  if (ids.length === 1) return `${noun} "${ids[0]}"`;
  const names = ids.slice(0, most).map((id) => `"${id}"`);
  return `${ids.length} ${noun}s (${names.join(", ")}${ids.length > most ? ", …" : ""})`;
}

/**
 * A member's problem where the program wrote what it is about: `streams.ORDERS.maxAge`, or `defaults.maxAge`, which then
 * stands there once for all.
 */
export function locatedPath<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  member: Member<Inputs>,
  set: object,
  path: string,
  before?: Member<Inputs>,
): string {
  const top = /^[^.[]*/.exec(path)![0];
  const at = memberPath(kind, member.id);
  if (top === "" || top in kind.named(["", ""])) return at;
  if (top in member.own || (before && top in before.own)) return `${at}.${path}`;
  const { defaults } = set as { readonly defaults?: unknown };
  if (isObject(defaults) && top in defaults) return `defaults.${path}`;
  return kind.options.includes(top) && top in set ? path : `${at}.${path}`;
}

/** A member's name is its key: the fix of a bad one is another key. */
export function keyFix<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  member: Member<Inputs>,
  { path, fix }: Problem,
): { readonly fix?: string } {
  if (fix === undefined) return {};
  const names = kind.named(member.id.split("/")) as Readonly<Record<string, string>>;
  const name = Object.hasOwn(names, path) ? names[path] : undefined;
  return name === undefined ? {} : { fix: `make the key ${JSON.stringify(plainName(name))}` };
}

/** The same problem of several members stands there once; of too many the paths. */
export function fewProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const different = problems.filter(({ path, reason }) => {
    const key = `${path} ${reason}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  const errors = different.filter(({ severity }) => severity !== "warning");
  const warnings = different.filter(({ severity }) => severity === "warning");
  return [...atMost(errors), ...atMost(warnings)];
}

function atMost(problems: readonly Problem[]): Problem[] {
  if (problems.length <= mostLines) return [...problems];
  return [...problems.slice(0, mostLines), moreProblems(problems.slice(mostLines))];
}

function rank(severity: string): number {
  return severity === "warning" ? 0 : 1;
}
