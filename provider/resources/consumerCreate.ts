import type { JetStream } from "../apply/jetstream";
import {
  consumerInfo,
  createConsumer,
  deleteConsumer,
  pauseConsumer,
  untilConsumerCurrent,
  updateConsumer,
} from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { consumerArgPath, consumerArgWords } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { sameJson, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { isOurs } from "../model/ownership";
import { keepResumed } from "../model/replacement";
import { settleAsset } from "./assetSettle";
import { ownerOf } from "./assetState";
import { unlessLosing } from "./consumerLossProblems";
import { keptPlace } from "./consumerPlace";
import { planTowardsConsumer } from "./consumerPlan";
import { replaceConsumer } from "./consumerReplace";
import { announcedReplacement, announceReplacement, isReplaced } from "./consumerReplacements";
import { consumerId, consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { ownAnswer } from "./ownAnswer";
import { takeoverFix } from "./takeoverFix";

const defaultTimeout = 60_000;

/**
 * Makes the consumer, or the one that replaces another. One that is there already is taken on when it bears our mark (a
 * replacement leaves the old one to us, so that where it stands is never lost), or when the program says `adopt: true`.
 */
export async function createConsumerResource(
  context: CallContext,
  inputs: ConsumerInputs,
): Promise<{ readonly id: string; readonly state: ConsumerResourceState }> {
  const js = await jetStreamOf(context);
  const wanted = consumerStates.wantedConfig(inputs, context.urn);
  const made = await makeConsumer(context, js, inputs, wanted);
  announceReplacement(context, undefined);
  return settleConsumer(context, js, inputs, wanted, made);
}

/** One that is there already is taken on; one whose replacement was cut short goes on at the place that was kept for it. */
export async function makeConsumer(
  context: CallContext,
  js: JetStream,
  inputs: ConsumerInputs,
  wanted: JsonObject,
): Promise<ConsumerInfo> {
  const { stream, name } = inputs;
  const [existing, kept] = await Promise.all([consumerInfo(js, stream, name), keptPlace(js, stream, wanted)]);
  const config = { ...wanted, ...kept?.start };
  const made = existing
    ? await takenConsumer(context, js, inputs, config, existing)
    : await createConsumer(js, stream, { ...config, ...startOfRenamed(context, inputs) });
  if (kept) await deleteConsumer(js, stream, kept.keeper);
  return made;
}

/** Waits until it is current; the state is what our own write was answered, where that takes too long too. */
export async function settleConsumer(
  context: CallContext,
  js: JetStream,
  inputs: ConsumerInputs,
  wanted: JsonObject,
  standing: ConsumerInfo,
): Promise<{ readonly id: string; readonly state: ConsumerResourceState }> {
  const state = consumerStates.stateOf(inputs, standing, js.serverVersion);
  const settled = async (): Promise<ConsumerResourceState> => {
    await untilConsumerCurrent(js, inputs.stream, wanted, context.timeout ?? defaultTimeout);
    return state;
  };
  return settleAsset(consumerId(inputs), () => state, settled);
}

/** A pause is no part of an update: the server takes it by a request of its own only. */
export async function applyConsumer(
  js: JetStream,
  stream: string,
  live: ConsumerInfo,
  wanted: JsonObject,
): Promise<ConsumerInfo> {
  const info = ownAnswer(wanted, await updateConsumer(js, stream, keepResumed(live, wanted)));
  const until = wanted["pause_until"];
  if (sameJson(live.config["pause_until"], until)) return info;
  await pauseConsumer(js, stream, live.name, until === undefined ? undefined : textOf(until));
  return { ...info, config: { ...info.config, pause_until: until } };
}

/** Takes over a consumer that is there already; an error where it is not ours to take, or can't become what is wanted. */
async function takenConsumer(
  context: CallContext,
  js: JetStream,
  inputs: ConsumerInputs,
  wanted: JsonObject,
  existing: ConsumerInfo,
): Promise<ConsumerInfo> {
  const owner = ownerOf(existing.config);
  // One that was imported bears no mark; it is ours all the same when this is what replaces it.
  const isOwn = isOurs(context, owner) || isReplaced(context, inputs);
  const name = `consumer "${consumerId(inputs)}"`;
  if (!isOwn && inputs.adopt !== true) {
    const whose = owner === undefined ? "and no stack made it" : `and belongs to ${owner}`;
    throw new NatsError(`${name} exists already ${whose}. Fix: ${takeoverFix(context, owner, consumerId(inputs))}`);
  }
  const facts = factsOf(js, await accountOf(js));
  const planned = await planTowardsConsumer(js, facts, inputs, wanted, inputs);
  if (!planned) return createConsumer(js, inputs.stream, wanted);
  const fixed = planned.plan.changes.filter((change) => change.impact === "replace");
  if (fixed.length === 0) {
    const again = () => planTowardsConsumer(js, facts, inputs, wanted, inputs);
    return unlessLosing(planned, inputs, again, () => applyConsumer(js, inputs.stream, existing, wanted));
  }
  if (!isOwn) {
    const which = fixed.map(({ path, why }) => `${consumerArgPath(path)} (${consumerArgWords(why)})`).join(", ");
    const fix = "Fix: say what it has, or delete it";
    throw new NatsError(`${name} exists already and can't be taken over as it is: it differs in ${which}. ${fix}`);
  }
  const retention = textOf(planned.stream["retention"]);
  // Without an announcement an earlier run was cut short: nothing acknowledged comes again.
  const resumes =
    announcedReplacement(context)?.resumes ?? (inputs.onReplace !== "restart" && retention !== "workqueue");
  return replaceConsumer(js, existing, wanted, resumes, retention);
}

function startOfRenamed(context: CallContext, inputs: ConsumerInputs): JsonObject | undefined {
  const replacement = announcedReplacement(context);
  return replacement?.to === consumerId(inputs) ? replacement.start : undefined;
}
