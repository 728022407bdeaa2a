import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { allowedForAll } from "./allowedForAll";
import { calledMember, lookAt } from "./assetSet";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member } from "./assetSet";
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
  const js = await lookAt(kind, base, known);
  const there = await inTurns(known, async (member) => {
    const owner = await ownerElsewhere(kind, context, js, member.id);
    return (await staysElsewhere(context, calledMember(kind, member.id), owner)) ? [] : [member];
  });
  const members = there.flat();
  const needs = (options: Inputs) => !(allowedForAll() || kind.mayLose(options)) || kind.keptAt(options) !== undefined;
  const isAsked = members.some(({ full }) => needs(full));
  const { alone = (_ids, work) => work() } = kind;
  const ids = members.map(({ id }) => id);
  if (isAsked) await alone(ids, () => endAll(kind, context, js, members, needs));
  else await inTurns(ids, (id) => kind.remove(js, id));
}

async function endAll<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  js: JetStream,
  members: readonly Member<Inputs>[],
  needs: (options: Inputs) => boolean,
): Promise<void> {
  const holding = await kind.holds(
    js,
    members.map(({ id }) => id),
  );
  const held = members.flatMap(({ id, full }) => {
    const what = needs(full) ? holding.get(id) : undefined;
    return what === undefined ? [] : [{ id, what, options: full }];
  });
  const full = allowedForAll() ? [] : held.filter(({ options }) => !kind.mayLose(options));
  if (full.length > 0) {
    const all = namesOf(
      kind.noun,
      full.map(({ id }) => id),
      20,
    );
    const what = full.length === 1 ? `holds ${full[0]!.what}` : "hold messages";
    const fix =
      `set ${kind.letGo} on ${full.length === 1 ? "it" : "them"} and run \`pulumi up\` before; or, for everything at once, ` +
      `\`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy\`; or keep all with the option retainOnDelete: true${kind.otherwise === undefined ? "" : `; or ${kind.otherwise}`}`;
    throw new NatsError(`${all} ${what}, which would be deleted with it; nothing was deleted. Fix: ${fix}`);
  }
  // All that is to be kept is kept before anything goes.
  const kept = await inTurns(
    held,
    async ({ id, options }) => [id, await kind.keep(context, js, id, options)] as const,
    snapshotsAtOnce,
  );
  const ends = new Map(kept);
  await inTurns(members, async ({ id }) => (ends.get(id) ?? (() => kind.remove(js, id)))());
}
