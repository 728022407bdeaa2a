import type { JetStream } from "../apply/jetstream";
import { untilCurrent } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { NatsError, refuseAll } from "../errors";
import type { CallContext } from "../host/handler";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { newestRelease } from "../model/stream";
import type { ServerFacts, StreamOptions } from "../model/stream";
import { settledStream } from "../model/streamSettled";
import type { Note } from "./assetDiff";
import { ownerOf } from "./assetState";
import { backUp } from "./streamBackup";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { othersChanges, takenBack, tellOthers } from "./othersChanges";
import { applyStream, settle } from "./streamApply";
import type { Stands } from "./streamApply";
import { createStreamResource } from "./streamCreate";
import { halfDone, replacedByMirror, replaceStream } from "./streamMirrorApply";
import { dropMove } from "./streamRename";
import { lossProblems, planOf } from "./streamPlan";
import type { PlannedStream } from "./streamPlan";
import { anew } from "./streamRestore";
import { called } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";

const defaultTimeout = 300_000;

/** Changes the stream in place, as it is now: what would be lost is counted again before anything is sent. */
export async function updateStreamResource<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  id: string,
  olds: StreamKindState<Inputs>,
  news: Inputs,
): Promise<StreamKindState<Inputs>> {
  const js = await jetStreamOf(context);
  const account = await accountOf(js);
  const facts = factsOf(js, account);
  const { stateOf } = kind.states;
  if (await halfDone(kind, context, js, olds)) {
    return stateOf(news, await replaceStream(kind, context, js, news), facts.version);
  }
  const planned = await planOf(kind, js, facts, olds, news);
  if (!planned) {
    await context.warn(`${called(kind, id)} was deleted outside: ${anew(news)}`);
    return (await createStreamResource(kind, context, news)).state;
  }
  const replaced = await replacedByMirror(kind, context, { js, facts, account }, planned, news);
  if (replaced) return stateOf(news, replaced, facts.version);
  const wanted = updatedConfig(kind, context, id, facts, olds, news, planned);
  const { info } = planned;
  const timeout = context.timeout ?? defaultTimeout;
  if (!wanted) return (await settle(kind, js, news, (stands) => standsAlready(js, info, timeout, stands))).state;
  await tellOthers(context, othersOf(kind, context, olds, news, planned));
  if (planned.plan.loss.loses) await backUp(kind, context, js, id, news);
  await dropMove(context, js, info);
  return (await settle(kind, js, news, (stands) => applyStream(js, info, wanted, timeout, stands))).state;
}

/** Only our own options changed, or what an earlier run did not wait for long enough. */
async function standsAlready(js: JetStream, info: StreamInfo, timeout: number, stands: Stands): Promise<StreamInfo> {
  stands(info, true);
  const { name, num_replicas: replicas } = settledStream(info.config, js.serverVersion);
  return untilCurrent(js, textOf(name), Number(replicas), timeout);
}

/** What others have made of the stream that this change puts back. */
export function othersOf<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  olds: StreamKindState<Inputs>,
  news: Inputs,
  { plan, info }: PlannedStream,
): Note[] {
  const own = kind.states.changedSettings(kind.states.inputsOf(olds), news, newestRelease);
  return [...othersChanges(plan, own, kind.words), ...takenBack(context, ownerOf(info.config))];
}

/** What to send to a stream that changes in place; undefined where nothing changes for the server. */
export function updatedConfig<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  id: string,
  facts: ServerFacts,
  olds: StreamKindState<Inputs>,
  news: Inputs,
  planned: PlannedStream,
): JsonObject | undefined {
  const { plan, info } = planned;
  const fixed = plan.changes.filter((change) => change.impact === "replace");
  if (fixed.length > 0) {
    const which = fixed
      .map((change) => `${kind.words.argPath(change.path)} (${kind.words.argWords(change.why)})`)
      .join(", ");
    throw new NatsError(
      `${called(kind, id)} is not what the preview saw: ${which}. Fix: pulumi refresh, then pulumi up`,
    );
  }
  refuseAll(lossProblems(kind, planned, news));
  if (plan.impact === "none") return undefined;
  const { keepServerSet, wantedConfig } = kind.states;
  return kind.carry(info.config, keepServerSet(wantedConfig(news, context.urn), olds, news, facts.version));
}
