import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { consumerArgPath, consumerArgWords, consumerWords } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { newestRelease } from "../model/stream";
import type { Note } from "./assetDiff";
import { ownerOf } from "./assetState";
import { applyConsumer, createConsumerResource, settleConsumer } from "./consumerCreate";
import { unlessLosing } from "./consumerLossProblems";
import { planOfConsumer } from "./consumerPlan";
import type { PlannedConsumer } from "./consumerPlan";
import { consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { othersChanges, takenBack, tellOthers } from "./othersChanges";
import { isMadeAnew } from "./streamsAnew";

/** Changes the consumer in place, as it is now. */
export async function updateConsumerResource(
  context: CallContext,
  id: string,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
): Promise<ConsumerResourceState> {
  const js = await jetStreamOf(context);
  const facts = factsOf(js, await accountOf(js));
  const planned = await planOfConsumer(js, facts, olds, news);
  if (!planned) {
    if (!isMadeAnew(context, news.stream))
      await context.warn(`consumer "${id}" was deleted outside: it is made anew and starts as its deliverPolicy says`);
    return (await createConsumerResource(context, news)).state;
  }
  const { plan, info } = planned;
  const fixed = plan.changes.filter((change) => change.impact === "replace");
  if (fixed.length > 0) {
    const which = fixed.map(({ path, why }) => `${consumerArgPath(path)} (${consumerArgWords(why)})`).join(", ");
    throw new NatsError(`consumer "${id}" is not what the preview saw: ${which}. Fix: pulumi refresh, then pulumi up`);
  }
  const config = consumerStates.wantedConfig(news, context.urn);
  const wanted = consumerStates.keepServerSet(config, olds, news, facts.version);
  // Only our own options changed, or what an earlier run did not wait for long enough.
  if (plan.impact === "none") return (await settleConsumer(context, js, news, wanted, info)).state;
  await tellOthers(context, othersOf(context, olds, news, planned));
  const standing = await unlessLosing(
    planned,
    news,
    () => planOfConsumer(js, facts, olds, news),
    () => applyConsumer(js, news.stream, info, wanted),
  );
  return (await settleConsumer(context, js, news, wanted, standing)).state;
}

/** What others have made of the consumer that this change puts back. */
export function othersOf(
  context: CallContext,
  olds: ConsumerResourceState,
  news: ConsumerInputs,
  { plan, info }: PlannedConsumer,
): Note[] {
  const own = consumerStates.changedSettings(consumerStates.inputsOf(olds), news, newestRelease);
  return [...othersChanges(plan, own, consumerWords), ...takenBack(context, ownerOf(info.config))];
}
