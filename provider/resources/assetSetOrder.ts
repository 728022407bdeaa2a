import type { Member } from "./assetSet";

/** Members in groups, each after the members that it needs; what needs itself in a circle comes last. */
export function reachedInTurn<Inputs>(
  members: readonly Member<Inputs>[],
  after: (member: Member<Inputs>) => readonly string[],
): Member<Inputs>[][] {
  const byId = new Map(members.map((member) => [member.id, member]));
  const depths = new Map<string, number>();
  const depthOf = (member: Member<Inputs>, above: ReadonlySet<string>): number => {
    const known = depths.get(member.id);
    if (known !== undefined) return known;
    const inside = new Set(above).add(member.id);
    let depth = 0;
    for (const id of after(member)) {
      const needed = byId.get(id);
      if (needed && !inside.has(id)) depth = Math.max(depth, 1 + depthOf(needed, inside));
    }
    depths.set(member.id, depth);
    return depth;
  };
  const groups: Member<Inputs>[][] = [];
  for (const member of members) (groups[depthOf(member, new Set())] ??= []).push(member);
  return groups.filter((group) => group !== undefined);
}
