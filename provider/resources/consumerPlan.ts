import type { JetStream } from "../apply/jetstream";
import { consumerInfo } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import { expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import type { JsonObject } from "../model/exactJson";
import type { ServerFacts } from "../model/stream";
import { settledStream } from "../model/streamSettled";
import { explainConsumer } from "../plan/consumerExplain";
import type { ConsumerPlan } from "../plan/consumerExplain";
import type { InterestLoss } from "../plan/interestLoss";
import { lossOfChange } from "./consumerLoss";
import { consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";

/** What a change does to the consumer as it is on the server now. */
export interface PlannedConsumer {
  readonly plan: ConsumerPlan;
  readonly info: ConsumerInfo;
  /** The configuration that it is to have. */
  readonly wanted: JsonObject;
  /** Its stream's settled configuration. */
  readonly stream: JsonObject;
  /** What the change makes the stream delete. */
  readonly loss?: InterestLoss;
}

/** undefined when the consumer is not there. */
export async function planOfConsumer(
  js: JetStream,
  facts: ServerFacts,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
): Promise<PlannedConsumer | undefined> {
  const planned = await changeOfConsumer(js, facts, olds, news);
  return planned && withLoss(js, planned, facts.version);
}

export async function planTowardsConsumer(
  js: JetStream,
  facts: ServerFacts,
  inputs: ConsumerInputs,
  wanted: JsonObject,
  news: ConsumerInputs,
): Promise<PlannedConsumer | undefined> {
  const planned = await changeTowards(js, facts, inputs, wanted, news);
  return planned && withLoss(js, planned, facts.version);
}

/** The same without what the stream deletes by it, which is counted apart. */
export async function changeOfConsumer(
  js: JetStream,
  facts: ServerFacts,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
): Promise<PlannedConsumer | undefined> {
  const known = consumerStates.knownSettings(news);
  const wanted = consumerStates.keepServerSet(expandConsumer(known), olds, known, facts.version);
  return changeTowards(js, facts, olds, wanted, news);
}

/** Counted as the stream is now, and as changes that were announced before leave it. */
export async function withLoss(js: JetStream, planned: PlannedConsumer, version: string): Promise<PlannedConsumer> {
  const { info, plan, wanted } = planned;
  const loss = await lossOfChange(js, { stream: info.stream_name, name: info.name }, wanted, plan, version);
  return { ...planned, ...(loss ? { loss } : {}) };
}

async function changeTowards(
  js: JetStream,
  facts: ServerFacts,
  { stream, name }: ConsumerInputs,
  wanted: JsonObject,
  { onReplace }: ConsumerInputs,
): Promise<PlannedConsumer | undefined> {
  const [info, holder] = await Promise.all([consumerInfo(js, stream, name), streamInfo(js, stream)]);
  if (!info || !holder) return undefined;
  const settled = settledStream(holder.config, facts.version);
  const plan = explainConsumer(info.config, wanted, {
    serverVersion: facts.version,
    apiLevel: facts.level,
    state: info,
    stream: settled,
    restart: onReplace === "restart",
    ...(facts.clustered === undefined ? {} : { clustered: facts.clustered }),
  });
  return { plan, info, wanted, stream: settled };
}
