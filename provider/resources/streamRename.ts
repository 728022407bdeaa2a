import type { JetStream } from "../apply/jetstream";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { renameByMirror } from "../apply/streamRename";
import { NatsError, refuseAll } from "../errors";
import type { CallContext } from "../host/handler";
import { textOf } from "../model/exactJson";
import { isOurs } from "../model/ownership";
import { movedTo, stageOf } from "../model/replacement";
import type { StreamOptions } from "../model/stream";
import { ownerOf } from "./assetState";
import { accountOf, factsOf } from "./jetstreamOf";
import { backUp } from "./streamBackup";
import { nameOfId } from "./streamKind";
import type { StreamKind } from "./streamKind";
import { becomesQueue, mirrored } from "./streamMirror";
import { noProgress } from "./streamMirrorApply";
import { lossProblems, planTowards } from "./streamPlan";

/**
 * Makes the stream that takes the place of the one that this resource had under another name; undefined where the program does not
 * want that, or there is none.
 */
export async function renamedStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  inputs: Inputs,
): Promise<StreamInfo | undefined> {
  const { replaces } = context;
  if (replaces === undefined || inputs.replaceBy !== "mirror") return undefined;
  const wanted = kind.states.wantedConfig(inputs, context.urn);
  const [from, to] = [kind.streamPrefix + nameOfId(kind, replaces), textOf(wanted["name"])];
  const facts = factsOf(js, await accountOf(js));
  const planned = from === to ? undefined : await planTowards(kind, js, facts, from, wanted);
  const rest = mirrored(kind, planned, facts, inputs);
  if (!planned || !rest) return undefined;
  const own = await streamInfo(js, to);
  if (own && !(stageOf(own.config) !== undefined && isOurs(context, ownerOf(own.config)))) return undefined;
  if (movedTo(planned.info.config) !== to) {
    refuseAll(lossProblems(kind, rest, inputs));
    if (rest.plan.loss.loses || becomesQueue(planned.plan)) await backUp(kind, context, js, from, inputs);
  }
  const timeout = context.timeout ?? noProgress;
  const replacement = { js, wanted, owner: context.urn, timeout, warn: context.warn };
  try {
    return await renameByMirror(replacement, from);
  } catch (error) {
    const old = await streamInfo(js, from).catch(() => undefined);
    if (!(error instanceof NatsError) || !old) throw error;
    if (movedTo(old.config) === undefined) {
      // Nothing has happened to the old one yet.
      await deleteStream(js, to).catch(() => undefined);
      throw error;
    }
    const what = `stream "${to}" has half taken the place of "${from}", which holds its messages, and publishers may have to wait`;
    throw new NatsError(`${error.message}\n${what}. Fix: \`pulumi up\` goes on from here`, { cause: error });
  }
}

/** What the stream held is in one of another name, which was made from it. */
export async function hasMoved(js: JetStream, info: StreamInfo): Promise<boolean> {
  const to = movedTo(info.config);
  const other = to === undefined ? undefined : await streamInfo(js, to);
  if (!other || stageOf(other.config) !== undefined) return false;
  return Number(other.state.last_seq ?? 0) >= Number(info.state.last_seq ?? 0);
}

/** One that was to take the place of this stream goes, where the program has gone back to the old name before it did. */
export async function dropMove(context: CallContext, js: JetStream, { config }: StreamInfo): Promise<void> {
  const to = movedTo(config);
  const other = to === undefined ? undefined : await streamInfo(js, to);
  if (!other || stageOf(other.config) !== "mirror" || !isOurs(context, ownerOf(other.config))) return;
  await deleteStream(js, to!);
}
