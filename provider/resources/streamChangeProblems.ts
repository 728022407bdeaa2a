import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import { movedTo } from "../model/replacement";
import type { ServerFacts, StreamOptions } from "../model/stream";
import { backupProblems } from "./backupCheck";
import { consumerLimitProblems } from "./consumerLimits";
import type { Reachable } from "./jetstreamOf";
import type { StreamKind, StreamKindState } from "./streamKind";
import { becomesQueue, mirrored, mirrorProblems, newName } from "./streamMirror";
import { halfDone } from "./streamMirrorApply";
import { lossProblems, planOf } from "./streamPlan";
import type { PlannedStream } from "./streamPlan";
import { restoreProblems } from "./streamRestore";

/** What speaks against a change of a stream that is there: what would be lost, and what can't be kept where it should be. */
export async function changeProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  live: Reachable,
  olds: StreamKindState<Inputs>,
  inputs: Inputs,
): Promise<Problem[]> {
  const { js, facts } = live;
  if (await halfDone(kind, context, js, olds)) return [];
  const planned = await planOf(kind, js, facts, olds, inputs);
  // Its place is half taken by one of another name: to go on is the only way.
  if (planned && movedTo(planned.info.config) !== undefined && newName(planned.plan) !== undefined) return [];
  const problems = planned ? await mirrorProblems(kind, live, planned, inputs) : [];
  if (planned) problems.push(...(await consumerLimitProblems(kind, live, planned, inputs)));
  const towards = mirrored(kind, planned, facts, inputs) ?? planned;
  if (towards && problems.length === 0) {
    const way = towards === planned && planned.plan.impact === "replace" && mirrorInstead(kind, facts, planned);
    const kept = way ? kind.words.argWords(`; or ${way}, which keeps the messages`) : "";
    problems.push(...lossProblems(kind, towards, inputs).map((each) => ({ ...each, fix: `${each.fix}${kept}` })));
  }
  if (towards) {
    const { info, plan } = towards;
    const isDue = plan.loss.loses || (towards !== planned && becomesQueue(planned!.plan));
    const instead = isDue ? mirrorInstead(kind, facts, planned!) : undefined;
    problems.push(...(await backupProblems(kind, live, inputs, { config: info.config, info, isDue, instead })));
  }
  if (!towards || towards.plan.impact === "replace")
    problems.push(...(await restoreProblems(kind, context, live, inputs)));
  return problems;
}

/** What the program can say to keep the messages of a stream that is replaced. */
function mirrorInstead<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  facts: ServerFacts,
  planned: PlannedStream,
): string | undefined {
  const byMirror = mirrored({ nameProperty: kind.nameProperty }, planned, facts, { replaceBy: "mirror" });
  return byMirror?.plan.loss.loses === false ? 'replaceBy: "mirror"' : undefined;
}
