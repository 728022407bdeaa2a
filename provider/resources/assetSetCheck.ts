import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { isError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown, isUnknown } from "../host/handler";
import type { CallContext, Checked } from "../host/handler";
import { isObject } from "../model/exactJson";
import { titleOf } from "../model/titleOf";
import { allowedForAll } from "./allowedForAll";
import { isSameProgram, waitsFor } from "./assetCheck";
import { givenInputs } from "./givenInputs";
import type { Note } from "./assetDiff";
import { calledMember, lookAt, memberPath, stateOfMember } from "./assetSet";
import type { AssetSetInputs, AssetSetKind, AssetSetOutputs, Member } from "./assetSet";
import { compareSets } from "./assetSetCompare";
import type { Compared } from "./assetSetCompare";
import { ownerElsewhere } from "./assetSetElsewhere";
import { entriesOf } from "./assetSetMembers";
import { fewProblems, groupedNotes, keyFix, locatedPath } from "./assetSetNotes";
import { reachableJetStream, unreachableProblems } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";

/** All problems of all members that change, each where the program wrote it; what did not change is not looked at again. */
export async function checkSet<Inputs extends object, Set extends AssetSetInputs>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  olds: (Set & AssetSetOutputs) | undefined,
  news: Set,
): Promise<Checked<Set>> {
  const inputs = givenInputs(news);
  const shape = shapeProblems(kind, inputs);
  const compared = compareSets(kind, olds, inputs);
  const { added, changed, removed, same, isUnknown: isOpen } = compared;
  const fresh = [...added.map((after) => ({ after })), ...changed];
  const all = [...same, ...fresh.map(({ after }) => after)];
  kind.declare?.(context, all, compared.unknown, isOpen);
  const isNew = fresh.length + removed.length > 0;
  const live = isNew ? await reachableJetStream(context) : undefined;
  const problems = fresh.flatMap(({ after }) =>
    kind
      .problems(kind.states.knownSettings(after.full), live?.facts)
      .filter(({ path }) => !waitsFor(kind.states, after.full, path))
      .map((problem) => ({ ...problem, ...keyFix(kind, after, problem) }))
      .map((problem) => ({ ...problem, path: locatedPath(kind, after, inputs, problem.path) })),
  );
  problems.unshift(...shape);
  if (!problems.some(isError) && isNew && !isOpen) {
    for (const { id, ...problem } of await kind.jointProblems(context, live, all, fresh, removed)) {
      const member = all.find((one) => one.id === id);
      problems.push({
        ...problem,
        path: member ? locatedPath(kind, member, inputs, problem.path, member) : kind.property,
      });
    }
  }
  if (isNew && !live) problems.push(...(await unreachableProblems(context, olds !== undefined)));
  if (live && !problems.some(isError)) problems.push(...(await liveProblems(kind, context, live, inputs, compared)));
  return { inputs, problems: fewProblems(problems) };
}

/** What the servers know against the changes. */
async function liveProblems<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  live: Reachable,
  inputs: AssetSetInputs,
  { added, changed, removed }: Compared<Inputs>,
): Promise<Problem[]> {
  const differing = changed.filter(
    ({ before, after }) =>
      !isSameProgram(kind.states, kind.expand, stateOfMember(before), after.full) ||
      kind.keptAt(before.full) !== kind.keptAt(after.full),
  );
  const pairs = differing.flatMap(({ before, after }) => [before, after]);
  const js = await lookAt(kind, live.js, [...added, ...pairs, ...removed]);
  const seen = { ...live, js };
  const found = await inTurns(
    [...added.map((after) => ({ after, before: undefined })), ...differing],
    async ({ before, after }): Promise<Problem[]> => {
      const problems = await kind.liveProblems(context, seen, before && stateOfMember(before), after.full);
      return problems.map((each) => ({ ...each, path: locatedPath(kind, after, inputs, each.path, before) }));
    },
  );
  const notes: (Note & { readonly id: string })[] = [];
  const taken = await inTurns(added, async (member): Promise<Problem[]> => {
    const name = calledMember(kind, member.id);
    const info = async (message: string) => void notes.push(adoption(member.id, message.replace(name, "it")));
    const problems = await kind.takeover({ ...context, info }, seen, member.full);
    return problems.map((each) => ({ ...each, path: locatedPath(kind, member, inputs, each.path) }));
  });
  for (const { message } of groupedNotes(kind.noun, notes)) await context.info(message);
  const losses = await lossesOfRemoval(kind, context, js, removed, inputs);
  const ends = [...losses].map(([{ id }, reason]) => ({ path: memberPath(kind, id), ...reason }));
  const going = await inTurns(removed, async (member) => {
    const isStaying = losses.has(member) || (await ownerElsewhere(kind, context, js, member.id)) !== undefined;
    return isStaying ? [] : [member];
  });
  const kept = await inTurns(going.flat(), async (member): Promise<Problem[]> => {
    const options = optionsOfEnd(kind, member, inputs);
    if (kind.keptAt(options) === undefined) return [];
    const problems = await kind.keepProblems(seen, member.id, options);
    return problems.map((each) => ({ ...each, path: memberPath(kind, member.id) }));
  });
  const joint = ((await kind.inTurn?.(seen, differing, going.flat())) ?? []).map(({ id, ...problem }): Problem => {
    const { before, after } = differing.find((one) => one.after.id === id)!;
    return { ...problem, path: locatedPath(kind, after, inputs, problem.path, before) };
  });
  return [...found.flat(), ...taken.flat(), ...ends, ...kept.flat(), ...joint];
}

function adoption(id: string, message: string): Note & { readonly id: string } {
  return { id, severity: "info", message };
}

/** Why members that the program does not name any more must stay, of those that may not go. */
export async function lossesOfRemoval<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  context: CallContext,
  js: JetStream,
  removed: readonly Member<Inputs>[],
  news: AssetSetInputs,
): Promise<Map<Member<Inputs>, { readonly reason: string; readonly fix: string }>> {
  // What is another resource's by now stays.
  const own = await inTurns(removed, async (member) =>
    (await ownerElsewhere(kind, context, js, member.id)) === undefined ? [member] : [],
  );
  const all = own.flat();
  const kept = all.filter(({ full }) => !kind.mayLose(full) && !kind.mayLose(news as Inputs));
  const losses = new Map<Member<Inputs>, { readonly reason: string; readonly fix: string }>();
  if (allowedForAll() || kept.length === 0) return losses;
  const held = await kind.holds(
    js,
    all.map(({ id }) => id),
  );
  for (const member of kept) {
    const what = held.get(member.id);
    if (what === undefined) continue;
    const reason = `${calledMember(kind, member.id)} holds ${what}, which would be deleted with it`;
    const where = context.urn === undefined ? "" : ` on ${titleOf(context.urn)}`;
    losses.set(member, { reason, fix: `keep it in the program, or set ${kind.letGo}${where}` });
  }
  return losses;
}

/** Of a member that goes: its own where they let it go, else those of the whole by now. */
export function optionsOfEnd<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  { full }: Member<Inputs>,
  news: AssetSetInputs,
): object {
  return kind.mayLose(full) ? full : news;
}

function shapeProblems<Inputs extends object>(kind: AssetSetKind<Inputs>, inputs: AssetSetInputs): Problem[] {
  const map = (inputs as Readonly<Record<string, unknown>>)[kind.property];
  const { defaults } = inputs as { readonly defaults?: unknown };
  const problems: Problem[] = [];
  const example =
    kind.depth === 1 ? '{ ORDERS: { subjects: ["orders.>"] } }' : '{ ORDERS: { invoices: { ackWait: "1m" } } }';
  const add = (path: string, wanted: string, fix: string) =>
    problems.push({ path, reason: `${wanted} is wanted`, fix });
  if (defaults !== undefined && !isUnknown(defaults) && !isObject(defaults)) {
    add("defaults", "an object of settings", "defaults: { replicas: 3 }");
  }
  const properties = [kind.property, "defaults", ...kind.options.filter((name) => name !== "restoreFrom")];
  for (const key of Object.keys(inputs).filter((name) => !properties.includes(name))) {
    const reason = `there is no property "${key}" here`;
    problems.push({ path: key, reason, fix: `${kind.property}: ${example}, and defaults for all of them` });
  }
  if (isUnknown(map)) return problems;
  if (!isObject(map)) {
    add(kind.property, `an object of ${kind.noun}s by name`, `${kind.property}: ${example}`);
    return problems;
  }
  if (kind.depth === 2) {
    for (const [stream, inner] of Object.entries(map)) {
      if (isObject(inner) || isUnknown(inner)) continue;
      add(
        `${kind.property}.${stream}`,
        `an object of the ${kind.noun}s of stream "${stream}"`,
        `${kind.property}: ${example}`,
      );
    }
  }
  for (const [id, own] of entriesOf(kind.depth, map)) {
    const at = memberPath(kind, id);
    if (hasUnknown(id) || isUnknown(own)) continue;
    if (!isObject(own)) {
      add(at, "an object of settings", `${kind.property}: ${example}`);
      continue;
    }
    for (const name of Object.keys(kind.named(["", ""]))) {
      if (!(name in own)) continue;
      problems.push({ path: `${at}.${name}`, reason: `the key says it already`, fix: `leave out ${name}` });
    }
  }
  return problems;
}
