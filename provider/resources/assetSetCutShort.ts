import type { JetStream } from "../apply/jetstream";
import type { AssetSetKind, Member } from "./assetSet";
import type { Compared } from "./assetSetCompare";

type Pair<Inputs> = Compared<Inputs>["changed"][number];

/** Those members whose end was cut short. Nobody is asked where there can be none. */
export async function cutShortAmong<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  reach: () => Promise<JetStream | undefined>,
  members: readonly Pair<Inputs>[],
): Promise<Pair<Inputs>[]> {
  const { cutShort } = kind;
  if (!cutShort) return [];
  const may = members.filter(({ before, after }) => cutShort.mayBe(before.full) || cutShort.mayBe(after.full));
  const js = may.length === 0 ? undefined : await reach();
  if (!js) return [];
  const ids = may.map(({ after }) => after.id);
  const found = new Set(await cutShort.among(js, ids));
  return may.filter(({ after }) => found.has(after.id));
}

/** A member that nothing was written of anew. */
export function unchanged<Inputs>(member: Member<Inputs>): Pair<Inputs> {
  return { before: member, after: member };
}
