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
  const known = consumerStates.knownSettings(news);
  const wanted = consumerStates.keepServerSet(expandConsumer(known), olds, known, facts.version);
  return planTowardsConsumer(js, facts, olds, wanted, news);
}

export async function planTowardsConsumer(
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
  const loss = await lossOfChange(js, { stream, name }, wanted, plan, facts.version);
  return { plan, info, stream: settled, ...(loss ? { loss } : {}) };
}
