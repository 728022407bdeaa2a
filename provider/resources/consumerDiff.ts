import { hasUnknown } from "../host/handler";
import type { CallContext, ChangeKind, Diff } from "../host/handler";
import { consumerArgPath, consumerWords, expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { newestRelease } from "../model/stream";
import type { AssetChange } from "../plan/assetImpact";
import { explainConsumer } from "../plan/consumerExplain";
import type { ConsumerPlan } from "../plan/consumerExplain";
import { lossWords } from "../plan/interestLoss";
import { kindOf, noteOf, plannedChanges } from "./assetDiff";
import type { Note, ShownChange } from "./assetDiff";
import { ownerOf } from "./assetState";
import { lossOfEnds } from "./consumerLoss";
import { planOfConsumer } from "./consumerPlan";
import { announceReplacement } from "./consumerReplacements";
import { takenBack } from "./othersChanges";
import { rememberNotes } from "./saidNotes";
import { consumerId, consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { reachableJetStream, unreachableReason } from "./jetstreamOf";
import type { Reachable } from "./jetstreamOf";
import { endsSoon } from "./streamEnds";
import { losesFirst } from "./streamLosses";
import { movesTo } from "./streamMoves";
import { announceReplacement as announceOptions } from "./streamReplacements";
import { anewWith, isMadeAnew } from "./streamsAnew";

const { changedSettings, inputsOf, knownSettings, writtenSettings } = consumerStates;

/** What changes, how, and what comes again by it, as the consumer is now. Nothing is asked where nothing changes. */
export async function diffConsumer(
  context: CallContext,
  _id: string,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
): Promise<Diff> {
  announceReplacement(context, undefined);
  const before = inputsOf(olds);
  const isSame = before.stream === news.stream && changedSettings(before, news, newestRelease).length === 0;
  const live = isSame ? undefined : await reachableJetStream(context);
  const { changes, notes, replaces, resumes } = await consumerChange(context, live, olds, news);
  rememberNotes(
    context,
    notes.map(({ message }) => message),
  );
  if (replaces) announceOptions(context, consumerId(olds), news);
  if (resumes !== undefined) {
    announceReplacement(context, { from: consumerId(olds), to: consumerId(news), resumes });
  }
  return { changes, deleteBeforeReplace: replaces, notes };
}

/** The same for a consumer wherever it stands in a program; `resumes` where one is replaced in its stream. */
export async function consumerChange(
  context: CallContext,
  live: Reachable | undefined,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
): Promise<ShownChange & { readonly resumes?: boolean }> {
  const before = inputsOf(olds);
  const options: Record<string, ChangeKind> = {};
  for (const name of ["onReplace", "onDataLoss"] as const) {
    if (before[name] !== news[name]) options[name] = kindOf(before[name], news[name], false);
  }
  const isSaid = (name: string): boolean => name !== "durable" || before.durable !== news.durable;
  const all = changedSettings(before, news, newestRelease).filter(isSaid);
  const settings = writtenSettings(before, news, newestRelease).filter(isSaid);
  if (live && before.stream !== news.stream && movesTo(live.js, before.stream) === news.stream) {
    return follows(olds, news, settings);
  }
  if (before.stream !== news.stream) return otherStream(olds, news, settings, live && (await left(live, before)));
  if (isMadeAnew(context, news.stream)) return withStream(before, news, settings, options);
  if (all.length === 0) return { changes: options, notes: [], replaces: false };

  const planned = live ? await planOfConsumer(live.js, live.facts, olds, news).catch(() => null) : null;
  const serverVersion = live?.facts.version ?? newestRelease;
  const plan = withoutEcho(
    before.name,
    news.name,
    planned?.plan ??
      explainConsumer(expandConsumer(before), expandConsumer(knownSettings(news)), {
        serverVersion,
        restart: news.onReplace === "restart",
      }),
  );
  const changes = { ...options, ...plannedChanges(settings, before, news, plan, consumerWords) };
  const notes: Note[] = plan.changes.flatMap((change) =>
    noteOf(change, all.includes(consumerArgPath(change.path)), "consumer", consumerWords, [
      "pause_until",
      "num_replicas",
    ]),
  );
  if (planned && plan.impact !== "none") notes.push(...takenBack(context, ownerOf(planned.info.config)));
  const replaces = plan.impact === "replace";
  const name = `consumer "${consumerId(olds)}"`;
  if (planned === undefined) {
    const message = `${name} is not on the server: it is made anew and starts as its deliverPolicy says`;
    notes.push({ severity: "warning", message });
  } else if (!planned && replaces) {
    const reason = live ? `${name} can't be looked at` : await unreachableReason(context);
    notes.push({ severity: "warning", message: `${reason}: what comes again is not known` });
  }
  if (planned && planned.loss) {
    notes.push({ severity: "warning", message: lossWords(planned.loss, before.stream) });
  }
  const counts = replaces || plan.changes.some(({ losesMessages }) => losesMessages);
  if (planned && counts && losesFirst(live!.js, before.stream)) {
    const first = `stream "${before.stream}" changes first, which deletes messages`;
    notes.push({ severity: "info", message: `counted as it is now: ${first}, so that it may be fewer then` });
  }
  return { changes, notes, replaces, ...(replaces ? { resumes: plan.start !== undefined } : {}) };
}

/** A consumer that lasts has its name twice for the server; the program says it once. */
function withoutEcho(from: string, to: string, plan: ConsumerPlan): ConsumerPlan {
  const isEcho = ({ path, ...change }: AssetChange) =>
    path === "durable_name" && change.from === from && change.to === to;
  return from === to ? plan : { ...plan, changes: plan.changes.filter((change) => !isEcho(change)) };
}

/** Its stream is made anew: what the consumer was is gone with the old one, and nothing is left that would have to be replaced. */
function withStream(
  before: ConsumerInputs,
  news: ConsumerInputs,
  settings: readonly string[],
  options: Readonly<Record<string, ChangeKind>>,
): ShownChange {
  const [old, wanted] = [before, news] as unknown as Record<string, unknown>[];
  const changes: Record<string, ChangeKind> = { stream: "update", ...options };
  for (const name of settings) changes[name] = kindOf(old![name], wanted![name], false);
  return { changes, replaces: false, notes: [{ severity: "warning", message: anewWith(news.stream) }] };
}

/** A stream of another name takes the place of its own, and its consumers with it. */
function follows(olds: ConsumerResourceState, news: ConsumerInputs, settings: readonly string[]): ShownChange {
  const message = `goes on in stream "${news.stream}", which takes the place of "${olds.stream}", after what it has acknowledged`;
  return { changes: movedChanges(olds, news, settings), replaces: true, notes: [{ severity: "info", message }] };
}

/** Sequences of another stream mean something else: nothing to resume. */
function otherStream(
  olds: ConsumerResourceState,
  news: ConsumerInputs,
  settings: readonly string[],
  loss: string | undefined,
): ShownChange {
  const changes = movedChanges(olds, news, settings);
  const where = hasUnknown(news.stream) ? "a stream that is not known yet" : `stream "${news.stream}"`;
  const message = `stream replaces the consumer: it starts in ${where} as its deliverPolicy says`;
  return { changes, replaces: true, notes: [{ severity: "warning", message: `${message}${loss ?? ""}` }] };
}

function movedChanges(olds: object, news: object, settings: readonly string[]): Record<string, ChangeKind> {
  const [old, wanted] = [olds as Record<string, unknown>, news as Record<string, unknown>];
  const changes: Record<string, ChangeKind> = { stream: "update-replace" };
  for (const name of settings) changes[name] = kindOf(old[name], wanted[name], false);
  return changes;
}

/** What an interest stream deletes once the consumer has left it. */
async function left({ js }: Reachable, { stream, name }: ConsumerInputs): Promise<string | undefined> {
  if (endsSoon(js, stream)) return undefined;
  const loss = await lossOfEnds(js, stream, [name]).catch(() => undefined);
  return loss && `, and ${lossWords(loss, stream)}`;
}
