import type { JetStream } from "../apply/jetstream";
import type { CallContext } from "../host/handler";
import type { AssetSetKind, Member } from "./assetSet";
import type { Compared } from "./assetSetCompare";

type Pair<Inputs> = Compared<Inputs>["changed"][number];

/** Those members of which a change or an end was cut short, with what is said of that. Nobody is asked where there can be none. */
export async function cutShortAmong<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  reach: () => Promise<JetStream | undefined>,
  members: readonly Pair<Inputs>[],
): Promise<(Pair<Inputs> & { readonly words: string })[]> {
  const { cutShort } = kind;
  if (!cutShort) return [];
  const may = members.filter(({ before, after }) => cutShort.mayBe(before.full) || cutShort.mayBe(after.full));
  const js = may.length === 0 ? undefined : await reach();
  if (!js) return [];
  const ids = may.map(({ after }) => after.id);
  const found = await cutShort.among(context, js, ids);
  return may.flatMap((pair) => {
    const words = found.get(pair.after.id);
    return words === undefined ? [] : [{ ...pair, words }];
  });
}

/** Those that ended with something that the program makes anew, and come again although nothing was written of them. */
export function endedAmong<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  members: readonly Pair<Inputs>[],
): (Pair<Inputs> & { readonly words: string })[] {
  return members.flatMap((pair) => {
    const words = kind.endsWith?.(context, pair.after.full);
    return words === undefined ? [] : [{ ...pair, words }];
  });
}

/** A member that nothing was written of anew. */
export function unchanged<Inputs>(member: Member<Inputs>): Pair<Inputs> {
  return { before: member, after: member };
}
