import { isObject } from "../model/exactJson";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member } from "./assetSet";
import { membersOf } from "./assetSetMembers";

/** Two maps, member by member. */
export interface Compared<Inputs> {
  readonly added: readonly Member<Inputs>[];
  readonly removed: readonly Member<Inputs>[];
  /** Written otherwise; that may mean the same. */
  readonly changed: readonly { readonly before: Member<Inputs>; readonly after: Member<Inputs> }[];
  readonly same: readonly Member<Inputs>[];
  /** Ids of members that are known only after an apply. */
  readonly unknown: readonly string[];
  readonly isUnknown: boolean;
}

/** Two maps that are the same need one look at each member, and nothing of the rules. */
export function compareSets<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  olds: (AssetSetInputs & AssetSetOutputs) | undefined,
  news: AssetSetInputs,
): Compared<Inputs> {
  const after = membersOf(kind, news);
  const before = olds ? membersOf(kind, olds).known : new Map<string, Member<Inputs>>();
  const { unknown, isUnknown } = after;
  const isShared = olds !== undefined && sharedText(kind, olds) === sharedText(kind, news);
  const added: Member<Inputs>[] = [];
  const changed: { before: Member<Inputs>; after: Member<Inputs> }[] = [];
  const same: Member<Inputs>[] = [];
  for (const member of after.known.values()) {
    const old = before.get(member.id);
    if (!old) added.push(member);
    else if (isShared && old.outputs?.unexpected === undefined && textOf(old.own) === textOf(member.own))
      same.push(old);
    else changed.push({ before: old, after: member });
  }
  const stays = new Set([...after.known.keys(), ...unknown]);
  const removed = isUnknown ? [] : [...before.values()].filter(({ id }) => !stays.has(id) && !isInside(id, stays));
  return { added, removed, changed, same, unknown, isUnknown };
}

/** Members of an inner map that is unknown as a whole are not gone. */
function isInside(id: string, stays: ReadonlySet<string>): boolean {
  return id.includes("/") && stays.has(id.slice(0, id.indexOf("/")));
}

function sharedText<Inputs extends object>(kind: AssetSetKind<Inputs>, set: AssetSetInputs): string {
  const loose = set as Readonly<Record<string, unknown>>;
  return textOf({
    defaults: loose["defaults"],
    ...Object.fromEntries(kind.options.map((name) => [name, loose[name]])),
  });
}

/** The same text for the same value, in whatever order it was written. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}
