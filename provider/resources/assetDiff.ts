import type { ChangeKind, Diff } from "../host/handler";
import { isObject } from "../model/exactJson";
import type { AssetWords } from "../model/assetWords";
import type { AssetChange, AssetPlan } from "../plan/assetImpact";
import { fieldText } from "../plan/fieldText";

export type Note = NonNullable<Diff["notes"]>[number];

/** What a change of one object is, path by path and in words. */
export interface ShownChange {
  readonly changes: Readonly<Record<string, ChangeKind>>;
  readonly notes: readonly Note[];
  readonly replaces: boolean;
  /** The one that takes its place, made before it goes. */
  readonly movesTo?: string;
  /** One under its own name takes its place, with nothing of what hung on it. */
  readonly isAnew?: boolean;
}

/** What a change means, for the resource's row. Plain changes in place need no words but `told` ones. */
export function noteOf(
  change: AssetChange,
  wanted: boolean,
  what: string,
  words: AssetWords,
  told: readonly string[],
): Note[] {
  const path = words.argPath(change.path);
  const why = words.argWords(change.why);
  if (!wanted && change.impact === "update") {
    return [{ severity: "info", message: `${path} was changed outside: it goes back ${values(change)}` }];
  }
  if (change.impact === "update" && change.losesMessages) return [{ severity: "warning", message: `${path}: ${why}` }];
  if (change.impact === "one-way") return [{ severity: "warning", message: `${path}: ${why}` }];
  if (change.impact === "replace") return [{ severity: "warning", message: `${path} replaces the ${what}: ${why}` }];
  if (change.impact === "refused") return [{ severity: "warning", message: `${path} will be refused: ${why}` }];
  return told.includes(change.path) ? [{ severity: "info", message: `${path}: ${why}` }] : [];
}

/** Each changed setting by the path that differs, and what brings a replacement about beside them. */
export function plannedChanges(
  settings: readonly string[],
  before: object,
  after: object,
  plan: AssetPlan,
  { argPath }: AssetWords,
): Record<string, ChangeKind> {
  const byName = new Map(plan.changes.map((change) => [argPath(change.path), change]));
  const [old, wanted] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const changes: Record<string, ChangeKind> = {};
  for (const name of settings) {
    const replaces = byName.get(name)?.impact === "replace";
    Object.assign(changes, changedPaths(name, old[name], wanted[name], replaces));
  }
  for (const [name, change] of byName) {
    if (change.impact === "replace" && !settings.includes(name)) changes[name] = "update-replace";
  }
  return changes;
}

/** The single paths within a value that differ. */
export function changedPaths(
  path: string,
  before: unknown,
  after: unknown,
  replaces: boolean,
): Record<string, ChangeKind> {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const found = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    if (found.length > 0) {
      return Object.assign(
        {},
        ...found.map((key) => changedPaths(`${path}${segment(key)}`, before[key], after[key], replaces)),
      ) as Record<string, ChangeKind>;
    }
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const found = before.flatMap((member, index) =>
      JSON.stringify(member) === JSON.stringify(after[index])
        ? []
        : [changedPaths(`${path}[${index}]`, member, after[index], replaces)],
    );
    if (found.length > 0) return Object.assign({}, ...found) as Record<string, ChangeKind>;
  }
  return { [path]: kindOf(before, after, replaces) };
}

export function segment(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

export function kindOf(before: unknown, after: unknown, replaces: boolean): ChangeKind {
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return replaces ? `${kind}-replace` : kind;
}

/** `from "file" to "memory"`. */
export function values(change: AssetChange): string {
  return `from ${fieldText(change.path, change.from)} to ${fieldText(change.path, change.to)}`;
}
