import { NatsError, problemText } from "../errors";
import type { CallContext } from "../host/handler";
import { argPath, argWords } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { applyStream, settle } from "./streamApply";
import { createStreamResource } from "./streamCreate";
import { lossProblems, planOf } from "./streamPlan";
import { keepServerSet, stateOf, wantedConfig } from "./streamState";
import type { StreamState } from "./streamState";

const defaultTimeout = 300_000;

/** Changes the stream in place, as it is now: what would be lost is counted again before anything is sent. */
export async function updateStreamResource(
  context: CallContext,
  id: string,
  olds: StreamState,
  news: StreamInputs,
): Promise<StreamState> {
  const js = await jetStreamOf(context);
  const facts = factsOf(js, await accountOf(js));
  const planned = await planOf(js, facts, olds, news);
  if (!planned) {
    await context.warn(`stream "${id}" was deleted outside: it is made anew, empty`);
    return (await createStreamResource(context, news)).state;
  }
  const { plan, info } = planned;
  const fixed = plan.changes.filter((change) => change.impact === "replace");
  if (fixed.length > 0) {
    const which = fixed.map((change) => `${argPath(change.path)} (${argWords(change.why)})`).join(", ");
    throw new NatsError(`stream "${id}" is not what the preview saw: ${which}. Fix: pulumi refresh, then pulumi up`);
  }
  const losses = lossProblems(planned, news);
  if (losses.length > 0) {
    throw new NatsError(losses.map((problem) => `${problem.path}: ${problemText(problem)}`).join("\n"));
  }
  // Only our own options changed.
  if (plan.impact === "none") return stateOf(news, info, facts.version);
  const wanted = keepServerSet(wantedConfig(news, context.urn), olds, news, facts.version);
  const timeout = context.timeout ?? defaultTimeout;
  return (await settle(js, news, info, () => applyStream(js, info.config, wanted, timeout))).state;
}
