import { inTurns } from "../apply/inTurns";
import { isUnknown } from "../host/handler";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { sameJson } from "../model/exactJson";
import type { Json } from "../model/exactJson";
import { newestRelease } from "../model/stream";
import { kindOf } from "./assetDiff";
import type { Note } from "./assetDiff";
import { calledMember, lookAt, memberPath, stateOfMember } from "./assetSet";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member } from "./assetSet";
import { optionsOfEnd } from "./assetSetCheck";
import { compareSets } from "./assetSetCompare";
import { cutShortAmong, endedAmong, unchanged } from "./assetSetCutShort";
import { leftTo, ownerElsewhere } from "./assetSetElsewhere";
import { groupedNotes, locatedPath } from "./assetSetNotes";
import { reachableJetStream } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { rememberNotes } from "./saidNotes";

/** What changes, member by member and path by path. A member that must be replaced is no replacement of the whole. */
export async function diffSet<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  olds: AssetSetInputs & AssetSetOutputs,
  news: AssetSetInputs,
): Promise<Diff> {
  const { added, removed, changed, same, unknown, isUnknown: isOpen } = compareSets(kind, olds, news);
  if (isOpen) return { changes: { [isUnknown(news.defaults) ? "defaults" : kind.property]: "update" } };
  const changes: Record<string, ChangeKind> = optionChanges(kind, olds, news);
  for (const { id } of added) changes[memberPath(kind, id)] = "add";
  for (const { id } of removed) changes[memberPath(kind, id)] = "delete";
  for (const id of unknown) changes[memberPath(kind, id)] = "update";

  const isAsked = changed.some(({ before, after }) => differs(kind, before, after)) || removed.length > 0;
  const live = isAsked
    ? await lookedAt(kind, context, [...changed.flatMap(({ before, after }) => [before, after]), ...removed])
    : undefined;
  const notes: (Note & { readonly id: string })[] = [];
  const shown = await inTurns(changed, async ({ before, after }) => ({
    before,
    after,
    change: await kind.changeOf(context, live, stateOfMember(before), after.full),
  }));
  for (const { before, after, change } of shown) {
    for (const [path, how] of Object.entries(change.changes)) {
      const at = locatedPath(kind, after, news, path, before);
      if (!kind.options.includes(at)) changes[at] = how.replace("-replace", "") as ChangeKind;
    }
    notes.push(...change.notes.map((note) => ({ ...note, id: after.id })));
  }
  kind.announceAnew?.(
    context,
    shown.flatMap(({ after, change }) => (change.isAnew === true ? [after.id] : [])),
  );
  for (const { after, words } of endedAmong(kind, context, same.map(unchanged))) {
    changes[memberPath(kind, after.id)] = "update";
    notes.push({ id: after.id, severity: "warning", message: words });
  }
  notes.push(...(await endsOf(kind, context, live, removed, news)));
  const still = [...same.map(unchanged), ...changed.filter(({ before, after }) => !differs(kind, before, after))];
  const reach = async () => (await reachableJetStream(context))?.js;
  for (const { after, words } of await cutShortAmong(kind, context, reach, still)) {
    changes[`${memberPath(kind, after.id)}.${kind.cutShort!.path}`] = "update";
    notes.push({ id: after.id, severity: "warning", message: words });
  }
  rememberNotes(
    context,
    notes.map(({ id, message }) => `${calledMember(kind, id)}: ${message}`),
  );
  return { changes, notes: groupedNotes(kind.noun, notes) };
}

/** Options of the whole that mean something. */
function optionChanges<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  olds: object,
  news: object,
): Record<string, ChangeKind> {
  const [before, after] = [olds as Record<string, unknown>, news as Record<string, unknown>];
  const changed = kind.options.filter(
    (name) => name !== "adopt" && !sameJson(before[name] as Json, after[name] as Json),
  );
  return Object.fromEntries(changed.map((name) => [name, kindOf(before[name], after[name], false)]));
}

function differs<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  before: Member<Inputs>,
  after: Member<Inputs>,
): boolean {
  const { changedSettings } = kind.states;
  return before.outputs?.unexpected !== undefined || changedSettings(before.full, after.full, newestRelease).length > 0;
}

async function lookedAt<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  members: readonly Member<Inputs>[],
): Promise<Reachable | undefined> {
  const live = await reachableJetStream(context);
  if (!live) return undefined;
  const js = await lookAt(kind, live.js, members).catch(() => undefined);
  return js && { ...live, js };
}

/** What goes with members that the program does not name any more. */
async function endsOf<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  removed: readonly Member<Inputs>[],
  news: AssetSetInputs,
): Promise<(Note & { readonly id: string })[]> {
  const owners = await inTurns(removed, async ({ id }) =>
    live ? ownerElsewhere(kind, context, live.js, id).catch(() => undefined) : undefined,
  );
  const ids = removed.flatMap(({ id }, index) => (owners[index] === undefined ? [id] : []));
  const all = live && ids.length > 0 ? await kind.holds(live.js, ids).catch(() => undefined) : undefined;
  const taken = live && ids.length > 0 ? await kind.takes?.(live.js, ids).catch(() => undefined) : undefined;
  return removed.map((member, index): Note & { readonly id: string } => {
    const { id } = member;
    const owner = owners[index];
    if (owner !== undefined) {
      return { id, severity: "warning", message: leftTo(owner) };
    }
    const [held, others] = [all?.get(id), taken?.get(id)];
    const also = others === undefined ? "" : `; takes ${others} with it`;
    if (held === undefined) {
      return { id, severity: others === undefined ? "info" : "warning", message: `is deleted${also}` };
    }
    const place = kind.keptAt(optionsOfEnd(kind, member, news));
    const kept = place === undefined ? "" : `, backed up to ${place} before`;
    return { id, severity: "warning", message: `is deleted, with ${held}${kept}${also}` };
  });
}
