import type { JetStream } from "../apply/jetstream";
import { createStream, streamInfo, untilCurrent } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { NatsError, refuseAll } from "../errors";
import type { CallContext } from "../host/handler";
import { counted } from "../model/counted";
import type { StreamOptions } from "../model/stream";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { isOurs } from "../model/ownership";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { applyStream, settle, withOverlap } from "./streamApply";
import { halfDone, mayBeHalf, replaceStream } from "./streamMirrorApply";
import { renamedStream } from "./streamRename";
import { lossProblems, planTowards } from "./streamPlan";
import { ownerOf } from "./assetState";
import { tellLeftover } from "./streamLeftover";
import { restored } from "./streamRestore";
import { called, nameOf } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";
import { takeoverFix } from "./takeoverFix";

const defaultTimeout = 60_000;

/**
 * Makes the stream. One that is there already is taken on when a create of this very resource was cut short (its mark is our
 * URN), or when the program says `adopt: true`; else it is somebody else's. The mark is a metadata key, since a create with
 * the same configuration succeeds on the server whoever made the stream first: nothing else can tell.
 */
export async function createStreamResource<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  inputs: Inputs,
): Promise<{ readonly id: string; readonly state: StreamKindState<Inputs> }> {
  const js = await jetStreamOf(context);
  const wanted = kind.states.wantedConfig(inputs, context.urn);
  const name = textOf(wanted["name"]);
  const timeout = context.timeout ?? defaultTimeout;
  const there = await streamInfo(js, name);
  if (mayBeHalf(inputs, there) && (await halfDone(kind, context, js, inputs))) {
    const info = await replaceStream(kind, context, js, inputs);
    return { id: nameOf(kind, inputs), state: kind.states.stateOf(inputs, info, js.serverVersion) };
  }
  const renamed = await renamedStream(kind, context, js, inputs);
  if (renamed) return { id: nameOf(kind, inputs), state: kind.states.stateOf(inputs, renamed, js.serverVersion) };
  const source = inputs.restoreFrom;
  const existing = there ?? (source && (await restored(kind, context, js, inputs, source, timeout)));
  if (existing) {
    const taken = await takenOver(kind, context, js, inputs, wanted, existing);
    return settle(kind, js, inputs, (stands) => applyStream(js, existing, taken, timeout, stands));
  }
  // A sealed stream can't be made: it is sealed once it is there.
  const { sealed, ...open } = wanted;
  const made = await withOverlap(js, open, () => createStream(js, open));
  await tellLeftover(context, made);
  return settle(kind, js, inputs, async (stands) => {
    stands(made, sealed !== true);
    const info = await untilCurrent(js, name, Number(wanted["num_replicas"] ?? 1), timeout);
    return sealed === true ? applyStream(js, info, wanted, timeout, stands) : info;
  });
}

/** What to send to a stream that is there already; an error where it is not ours to take, or can't become what is wanted. */
export async function takenOver<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  js: JetStream,
  inputs: Inputs,
  towards: JsonObject,
  existing: StreamInfo,
): Promise<JsonObject> {
  const owner = ownerOf(existing.config);
  const isOwn = isOurs(context, owner);
  const id = nameOf(kind, inputs);
  const name = called(kind, id);
  if (!isOwn && inputs.adopt !== true) {
    const whose = owner === undefined ? "and no stack made it" : `and belongs to ${owner}`;
    const held = kind.words.argWords(counted(existing.state.messages, "message"));
    throw new NatsError(`${name} exists already (${held}) ${whose}. Fix: ${takeoverFix(context, owner, id)}`);
  }
  const facts = factsOf(js, await accountOf(js));
  const planned = (await planTowards(kind, js, facts, textOf(towards["name"]), towards))!;
  const fixed = planned.plan.changes.filter((change) => change.impact === "replace");
  if (fixed.length > 0) {
    const which = fixed
      .map((change) => `${kind.words.argPath(change.path)} (${kind.words.argWords(change.why)})`)
      .join(", ");
    throw new NatsError(
      `${name} exists already and can't be taken over as it is: it differs in ${which}. Fix: say what it has, or delete it`,
    );
  }
  refuseAll(lossProblems(kind, planned, inputs));
  return kind.carry(existing.config, towards);
}
