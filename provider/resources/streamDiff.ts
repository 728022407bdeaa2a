import { listConsumers } from "../apply/jetstreamConsumers";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { keptAt, mayLose, placeText } from "../model/backup";
import { counted } from "../model/counted";
import { newestRelease } from "../model/stream";
import type { StreamOptions } from "../model/stream";
import { explainStream } from "../plan/streamExplain";
import { kindOf, noteOf, plannedChanges } from "./assetDiff";
import type { ShownChange } from "./assetDiff";
import { ownerOf } from "./assetState";
import { reachableJetStream, unreachableReason } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { takenBack } from "./othersChanges";
import { rememberNotes } from "./saidNotes";
import { announceReplacement } from "./streamReplacements";
import { announceAnew } from "./streamsAnew";
import { cutShortDiff } from "./streamCutShort";
import { mirrored, newName } from "./streamMirror";
import { halfDone } from "./streamMirrorApply";
import { byMirror, byRename, resuming } from "./streamMirrorShown";
import { isInUse } from "./streamConsumers";
import { announceEnd } from "./streamEnds";
import { announceLoss } from "./streamLosses";
import { announceMove } from "./streamMoves";
import { planOf } from "./streamPlan";
import { anew } from "./streamRestore";
import { called, nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";

/** What changes, how, and what that does to the stream as it is now. Where nothing changes, it is only asked whether something was cut short. */
export async function diffStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  id: string,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<Diff> {
  const isSame = changesNothing(kind, olds, news);
  const cut = isSame ? await cutShortDiff(kind, context, olds, news) : undefined;
  const live = isSame ? undefined : await reachableJetStream(context);
  const { changes, notes, replaces, movesTo, isAnew } = await streamChange(kind, context, live, olds, news);
  rememberNotes(
    context,
    notes.map(({ message }) => message),
  );
  const name = kind.streamPrefix + nameOf(kind, olds);
  if (cut) return { ...cut, changes: { ...changes, ...cut.changes } };
  if (live) announceEnd(live.js, name, replaces && movesTo === undefined);
  if (live) announceMove(live.js, name, movesTo);
  if (replaces) announceReplacement(context, id, news);
  announceAnew(context, isAnew === true ? [name] : []);
  // Two streams can't store the same subject, so the old one goes first.
  return { changes, deleteBeforeReplace: replaces && movesTo === undefined, notes };
}

function changesNothing<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): boolean {
  return !olds.unexpected && kind.states.changedSettings(kind.states.inputsOf(olds), news, newestRelease).length === 0;
}

/** The same for a stream wherever it stands in a program. */
export async function streamChange<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<ShownChange> {
  const change = await plainChange(kind, context, live, olds, news);
  if (!live) return change;
  const half = await halfDone(kind, context, live.js, olds);
  if (half) return resuming(kind, half, change);
  if (!change.replaces || news.replaceBy !== "mirror") return change;
  const planned = await planOf(kind, live.js, live.facts, olds, news).catch(() => undefined);
  if (!planned || !mirrored(kind, planned, live.facts, news)) return change;
  const tell = newName(planned.plan) === undefined ? byMirror : byRename;
  return tell(kind, live.js, planned, change);
}

async function plainChange<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable | undefined,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<ShownChange> {
  const { changedSettings, inputsOf, knownSettings, said, writtenSettings } = kind.states;
  const before = inputsOf(olds);
  const all = changedSettings(before, news, newestRelease);
  const settings = said(writtenSettings(before, news, newestRelease));
  const options: Record<string, ChangeKind> = {};
  for (const name of ["onDataLoss", "backup", "replaceBy"] as const) {
    const [old, wanted] = [before[name], news[name]];
    if (JSON.stringify(old) !== JSON.stringify(wanted)) options[name] = kindOf(old, wanted, false);
  }
  for (const name of Object.keys(olds.unexpected ?? {})) options[`unexpected.${name}`] = "delete";
  if (all.length === 0 && !olds.unexpected) return { changes: options, notes: [], replaces: false };

  const planned = live ? await planOf(kind, live.js, live.facts, olds, news).catch(() => null) : null;
  if (live) announceLoss(live.js, kind.streamPrefix + nameOf(kind, olds), planned?.plan.loss.loses ?? false);
  const version = live?.facts.version ?? newestRelease;
  const config = kind.expand(before);
  const plan =
    planned?.plan ??
    explainStream(config, kind.carry(config, kind.expand(knownSettings(news))), { serverVersion: version });
  const { words } = kind;
  const changes = { ...options, ...plannedChanges(settings, before, news, plan, words) };
  // What no property says is named only where nothing else says why there must be a new one.
  const replacing = Object.keys(changes).filter((path) => changes[path]!.endsWith("-replace"));
  const unsaid = replacing.filter((path) => said([path]).length === 0);
  if (unsaid.length < replacing.length) for (const path of unsaid) delete changes[path];
  const notes = plan.changes.flatMap((change) =>
    noteOf(change, all.includes(words.argPath(change.path)), kind.noun, words, kind.told),
  );
  if (planned && planned.plan.impact !== "none") notes.push(...takenBack(context, ownerOf(planned.info.config)));
  // A refusal says so itself; one that is allowed would go without a word. By way of a mirror nothing is lost.
  if (planned?.held !== undefined && mayLose(news) && !mirrored(kind, planned, live!.facts, news)) {
    const message = `${called(kind, nameOf(kind, olds))} is deleted with all that it holds (${planned.held}), and made anew`;
    notes.push({ severity: "warning", message });
  }
  const consumers = Number(planned?.info.state.consumer_count ?? 0);
  // Those of buckets are watchers, which make themselves anew.
  const isEnd = planned?.plan.impact === "replace" && !mirrored(kind, planned, live!.facts, news);
  if (isEnd && kind.noun === "stream" && consumers > 0) {
    const all = await listConsumers(live!.js, nameOf(kind, olds)).catch(() => []);
    const used = all.filter(isInUse).length;
    const inUse = used === 0 ? "" : `, ${used} in use,`;
    const who = `${counted(consumers, "consumer")} of ${called(kind, nameOf(kind, olds))}${inUse}`;
    const back =
      "made anew are those of this program that come after it (`stream: orders.name`, dependsOn), of others none";
    notes.push({ severity: "warning", message: `${who} go${consumers === 1 ? "es" : ""} with it: ${back}` });
  }
  const place = keptAt(news);
  if (planned?.plan.loss.loses && place) {
    const held = words.argWords(counted(planned.info.state.messages, "message"));
    notes.push({
      severity: "info",
      message: `its ${held} ${planned.info.state.messages === 1 ? "is" : "are"} backed up to ${placeText(place)} before`,
    });
  }
  if (planned === undefined) {
    const message = `${called(kind, nameOf(kind, olds))} is not on the server: ${anew(news)}`;
    notes.push({ severity: "warning", message });
  } else if (planned === null && plan.loss.loses) {
    const reason = live ? `${called(kind, nameOf(kind, olds))} can't be looked at` : await unreachableReason(context);
    const unknown = words.argWords("how many messages the change deletes is not known");
    notes.push({ severity: "warning", message: `${reason}: ${unknown}` });
  }
  const isGone = live !== undefined && planned === undefined;
  const isSameName = nameOf(kind, olds) === nameOf(kind, news);
  return { changes, notes, replaces: plan.impact === "replace", isAnew: isSameName && (isEnd || isGone) };
}
