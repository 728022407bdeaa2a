import { inTurns } from "../apply/inTurns";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { allowedForAll } from "./allowedForAll";
import { calledMember } from "./assetSet";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs } from "./assetSet";
import { ownerElsewhere } from "./assetSetElsewhere";
import { membersOf } from "./assetSetMembers";
import { namesOf } from "./assetSetNotes";
import { jetStreamOf } from "./jetstreamOf";
import { staysElsewhere } from "./staysElsewhere";

const snapshotsAtOnce = 5;

/** Deletes all members; when one holds what the program does not let go, none of them. */
export async function deleteSet<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  state: AssetSetInputs & AssetSetOutputs,
): Promise<void> {
  const known = [...membersOf(kind, state).known.values()];
  const base = await jetStreamOf(context);
  const js = await kind.look(
    base,
    known.map(({ id }) => id),
  );
  const there = await inTurns(known, async (member) => {
    const owner = await ownerElsewhere(kind, context, js, member.id);
    return (await staysElsewhere(context, calledMember(kind, member.id), owner)) ? [] : [member];
  });
  const members = there.flat();
  const held = await inTurns(members, async ({ id, full }) => {
    if ((allowedForAll() || kind.mayLose(full)) && kind.keptAt(full) === undefined) return [];
    const what = await kind.holds(js, id);
    return what === undefined ? [] : [{ id, what, options: full }];
  });
  const full = held.flat().filter(({ options }) => !kind.mayLose(options));
  if (full.length > 0) {
    const all = namesOf(
      kind.noun,
      full.map(({ id }) => id),
      20,
    );
    const what = full.length === 1 ? `holds ${full[0]!.what}` : "hold messages";
    const fix =
      `set onDataLoss: "allow" (or "backup") on ${full.length === 1 ? "it" : "them"} and run \`pulumi up\` before; or, for everything at once, ` +
      `\`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy\`; or keep all with the option retainOnDelete: true`;
    throw new NatsError(`${all} ${what}, which would be deleted with it; nothing was deleted. Fix: ${fix}`);
  }
  // All that is to be kept is kept before anything goes.
  const kept = await inTurns(
    held.flat(),
    async ({ id, options }) => [id, await kind.keep(context, js, id, options)] as const,
    snapshotsAtOnce,
  );
  const ends = new Map(kept);
  await inTurns(members, async ({ id }) => (ends.get(id) ?? (() => kind.remove(js, id)))());
}
