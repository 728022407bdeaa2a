import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import type { CallContext, Live } from "../host/handler";
import type { Note } from "./assetDiff";
import { liveAsset } from "./assetRead";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, MemberOutputs } from "./assetSet";
import { lookAt, stateOfMember } from "./assetSet";
import { mapOf, membersOf, outputsOf, ownOf } from "./assetSetMembers";
import { groupedNotes, namesOf } from "./assetSetNotes";
import { ownerOf } from "./assetState";
import { jetStreamOf } from "./jetstreamOf";

type Loose = Readonly<Record<string, unknown>>;

/** All members as they are, by listings; those that are gone are left out, and when all are gone the whole is. */
export async function readSet<Inputs extends object, Set extends AssetSetInputs>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  id: string,
  state: (Set & AssetSetOutputs) | undefined,
): Promise<Live<Set, Set & AssetSetOutputs> | undefined> {
  const base = await jetStreamOf(context);
  if (!state) return imported(kind, base, id);
  const { known } = membersOf(kind, state);
  const js = await lookAt(kind, base, [...known.values()]);
  const notes: (Note & { readonly id: string })[] = [];
  const owns: [string, unknown][] = [];
  const members: Record<string, MemberOutputs> = {};
  const infos = await inTurns([...known.keys()], async (each) => {
    const listed = await kind.infoOf(js, each);
    return [each, listed ?? (kind.isHidden ? await kind.infoOf(base, each) : undefined)] as const;
  });
  const found = new Map(infos);
  for (const member of known.values()) {
    const info = found.get(member.id);
    const half = await kind.cutShort?.interrupted(context, js, stateOfMember(member), info);
    if (half) {
      notes.push({ id: member.id, severity: "warning", message: half.message });
      owns.push([member.id, member.own]);
      members[member.id] = { ...member.outputs, unexpected: half.unexpected };
      continue;
    }
    if (!info) {
      notes.push({ id: member.id, severity: "info", message: "deleted outside of this stack" });
      continue;
    }
    const say = async (message: string) => void notes.push({ id: member.id, severity: "info", message });
    const quiet = { ...context, info: say };
    const live = await liveAsset(quiet, kind.states, stateOfMember(member), info, js.serverVersion, () => member.full);
    const isSame = JSON.stringify(live.inputs) === JSON.stringify(member.full);
    owns.push([member.id, isSame ? member.own : ownOf(kind, live.inputs, state.defaults, member.own)]);
    const outputs = outputsOf(live.state);
    if (outputs) members[member.id] = outputs;
  }
  for (const { severity, message } of groupedNotes(kind.noun, notes)) {
    await (severity === "warning" ? context.warn(message) : context.info(message));
  }
  if (owns.length === 0 && known.size > 0) return undefined;
  return liveOf(kind, state, owns, members);
}

/** An import: the ids of members, or patterns with "*", separated by commas. */
async function imported<Inputs extends object, Set extends AssetSetInputs>(
  kind: AssetSetKind<Inputs>,
  base: JetStream,
  patterns: string,
): Promise<Live<Set, Set & AssetSetOutputs> | undefined> {
  const wanted = patterns.split(",").map((pattern) => pattern.trim());
  const ids = [...new Set((await Promise.all(wanted.map((pattern) => kind.matching(base, pattern)))).flat())];
  const js = await kind.look(base, ids);
  const owns: [string, unknown][] = [];
  const members: Record<string, MemberOutputs> = {};
  const owned = new Map<string, string[]>();
  for (const id of ids) {
    const info = await kind.infoOf(js, id);
    if (!info) continue;
    const owner = ownerOf(info.config);
    if (owner !== undefined) owned.set(owner, [...(owned.get(owner) ?? []), id]);
    const own = ownOf(kind, kind.flatten(info, js.serverVersion) as Inputs, undefined);
    owns.push([id, own]);
    const names = kind.named(id.split("/"));
    const outputs = outputsOf(kind.states.stateOf({ ...own, ...names } as unknown as Inputs, info, js.serverVersion));
    if (outputs) members[id] = outputs;
  }
  if (owns.length === 0) return undefined;
  const marked = Object.fromEntries([...owned].map(([owner, all]) => [owner, namesOf(kind.noun, all)]));
  return { ...liveOf(kind, {} as Set, owns, members), owners: [...owned.keys()], marked };
}

function liveOf<Inputs extends object, Set extends AssetSetInputs>(
  kind: AssetSetKind<Inputs>,
  set: Set & AssetSetOutputs,
  owns: readonly [string, unknown][],
  members: Readonly<Record<string, MemberOutputs>>,
): Live<Set, Set & AssetSetOutputs> {
  const { members: _members, ...rest } = set as Loose & AssetSetOutputs;
  const inputs = { ...rest, [kind.property]: mapOf(kind.depth, owns) } as unknown as Set;
  return { inputs, state: { ...inputs, ...(Object.keys(members).length === 0 ? {} : { members }) } };
}
