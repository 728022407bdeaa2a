import { inTurns } from "../apply/inTurns";
import { consumerInfo } from "../apply/jetstreamConsumers";
import type { ConsumerInputs } from "../model/consumer";
import { stateOfMember } from "./assetSet";
import type { JointProblem, Member } from "./assetSet";
import { announceChange } from "./comingChanges";
import { announceInterest } from "./consumerLoss";
import { consumerLossProblems } from "./consumerLossProblems";
import { changeOfConsumer, withLoss } from "./consumerPlan";
import type { Reachable } from "./jetstreamOf";

/**
 * What the changes of a map make its members' streams delete, one after the other as they are sent: those that end go first, and each
 * change is counted as the ones before it leave the stream.
 */
export async function consumerLossesInTurn(
  { js, facts }: Reachable,
  changed: readonly { readonly before: Member<ConsumerInputs>; readonly after: Member<ConsumerInputs> }[],
  removed: readonly Member<ConsumerInputs>[],
): Promise<JointProblem[]> {
  const all = [...removed, ...changed.map(({ before }) => before)];
  for (const { full } of all) announceChange(js, full.stream, full.name, undefined);
  const ends = await inTurns(removed, ({ full }) => consumerInfo(js, full.stream, full.name));
  for (const end of ends) {
    if (end) announceChange(js, end.stream_name, end.name, { created: end.created, after: undefined });
  }
  const plans = await inTurns(changed, async ({ before, after }) => {
    const planned = await changeOfConsumer(js, facts, stateOfMember(before), after.full);
    return planned?.plan.changes.some(({ losesMessages }) => losesMessages) ? [{ after, planned }] : [];
  });
  const problems: JointProblem[] = [];
  for (const { after, planned } of plans.flat()) {
    const found = consumerLossProblems(await withLoss(js, planned, facts.version), after.full);
    if (found.length === 0) announceInterest(js, planned, facts.version);
    problems.push(...found.map((each) => ({ ...each, id: after.id })));
  }
  return problems;
}
