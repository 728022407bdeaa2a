import { JetStream } from "../apply/jetstream";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { replaceByMirror, standIn } from "../apply/streamReplacement";
import { NatsError, refuseAll } from "../errors";
import type { CallContext } from "../host/handler";
import { counted } from "../model/counted";
import { textOf } from "../model/exactJson";
import { replacementName, stageOf } from "../model/replacement";
import type { StreamOptions } from "../model/stream";
import type { Reachable } from "./jetstreamOf";
import { backUp } from "./streamBackup";
import { called, nameOf } from "./streamKind";
import type { StreamKind } from "./streamKind";
import { becomesQueue, mirrored, mirrorProblems } from "./streamMirror";
import { lossProblems } from "./streamPlan";
import type { PlannedStream } from "./streamPlan";

/**
 * The replacement of ours that stands half done, whatever the program says by now: what the stream held is in the other one, and
 * to go on is the only way that keeps it.
 */
export async function halfDone<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  inputs: Inputs,
): Promise<StreamInfo | undefined> {
  return standIn(js, kind.streamPrefix + nameOf(kind, inputs), context.urn);
}

/** A stream may be one that was half replaced; others need not be looked for. */
export function mayBeHalf({ replaceBy }: StreamOptions, info: Pick<StreamInfo, "config"> | undefined): boolean {
  return replaceBy === "mirror" || (info !== undefined && stageOf(info.config) !== undefined);
}

/** `"ORDERS_replacement" holds its 5 messages`, or as many as it has copied. */
export function heldText<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  { config, state }: StreamInfo,
): string {
  const held = kind.words.argWords(counted(state.messages, "message"));
  const isWhole = stageOf(config) !== "copies";
  return `"${textOf(config["name"])}" ${isWhole ? `holds its ${held}` : `has copied ${held} of it`}`;
}

/** Replaces it by way of a mirror where the program wants that and a mirror can; undefined where not. */
export async function replacedByMirror<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable,
  planned: PlannedStream,
  news: Inputs,
): Promise<StreamInfo | undefined> {
  const rest = mirrored(kind, planned, live.facts, news);
  if (!rest) return undefined;
  refuseAll([...(await mirrorProblems(kind, live, planned, news)), ...lossProblems(kind, rest, news)]);
  if (rest.plan.loss.loses || becomesQueue(planned.plan)) {
    await backUp(kind, context, live.js, nameOf(kind, news), news);
  }
  return replaceStream(kind, context, live.js, news);
}

/** Replaces it, or goes on with that. */
export async function replaceStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  given: JetStream,
  inputs: Inputs,
): Promise<StreamInfo> {
  const name = kind.streamPrefix + nameOf(kind, inputs);
  const wanted = { ...kind.states.wantedConfig(inputs, context.urn) };
  const timeout = context.timeout ?? noProgress;
  // A listing of before would not see how far it is.
  const js = new JetStream(given.connection, given.options);
  try {
    return await replaceByMirror({ js, wanted, owner: context.urn, timeout, warn: context.warn });
  } catch (error) {
    const other = await standIn(js, name, context.urn).catch(() => undefined);
    if (!other || !(error instanceof NatsError)) throw error;
    const own = await streamInfo(js, name).catch(() => undefined);
    if (own && stageOf(own.config) === undefined) {
      // Nothing has happened to the stream yet.
      await deleteStream(js, replacementName(name)).catch(() => undefined);
      throw error;
    }
    const held = heldText(kind, other);
    const what = `${called(kind, nameOf(kind, inputs))} is half replaced: ${held}, and publishers may have to wait`;
    throw new NatsError(`${error.message}\n${what}. Fix: \`pulumi up\` goes on from here`, { cause: error });
  }
}

/** Longest time without any progress. */
export const noProgress = 120_000;
