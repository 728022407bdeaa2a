import { NatsError, problemText } from "../errors";
import type { CallContext } from "../host/handler";
import type { StreamOptions } from "../model/stream";
import { accountOf, factsOf, jetStreamOf } from "./jetstreamOf";
import { applyStream, settle } from "./streamApply";
import { createStreamResource } from "./streamCreate";
import { lossProblems, planOf } from "./streamPlan";
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
  const facts = factsOf(js, await accountOf(js));
  const planned = await planOf(kind, js, facts, olds, news);
  if (!planned) {
    await context.warn(`${called(kind, id)} was deleted outside: it is made anew, empty`);
    return (await createStreamResource(kind, context, news)).state;
  }
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
  const losses = lossProblems(kind, planned, news);
  if (losses.length > 0) {
    throw new NatsError(losses.map((problem) => `${problem.path}: ${problemText(problem)}`).join("\n"));
  }
  // Only our own options changed.
  if (plan.impact === "none") return kind.states.stateOf(news, info, facts.version);
  const { keepServerSet, wantedConfig } = kind.states;
  const towards = keepServerSet(wantedConfig(news, context.urn), olds, news, facts.version);
  const wanted = kind.carry(info.config, towards);
  const timeout = context.timeout ?? defaultTimeout;
  return (await settle(kind, js, news, info, () => applyStream(js, info.config, wanted, timeout))).state;
}
