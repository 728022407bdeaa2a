import type { JetStream } from "../apply/jetstream";
import { refuseAll } from "../errors";
import type { Problem } from "../errors";
import { consumerArgPath } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { lossWords } from "../plan/interestLoss";
import { values } from "./assetDiff";
import { endsIn, lossOfEnds, mayLoseInterest } from "./consumerLoss";
import type { PlannedConsumer } from "./consumerPlan";
import { consumerId } from "./consumerState";
import { oneAtATime } from "./oneAtATime";

/** Why a change is refused that would make the stream delete messages; nothing where the program allows it. */
export function consumerLossProblems({ plan, loss, info }: PlannedConsumer, inputs: ConsumerInputs): Problem[] {
  if (!loss || mayLoseInterest(inputs)) return [];
  const name = `consumer "${info.stream_name}/${info.name}"`;
  return plan.changes
    .filter(({ losesMessages }) => losesMessages)
    .map((change) => ({
      path: consumerArgPath(change.path),
      reason: `${values(change)}: ${lossWords(loss, info.stream_name)} (${name})`,
      fix: keepOrAllow,
    }));
}

/** The same of a move to another stream, which ends the consumer where it was. */
export async function moveLossProblems(js: JetStream, olds: ConsumerInputs, news: ConsumerInputs): Promise<Problem[]> {
  if (mayLoseInterest(news)) return [];
  const loss = await lossOfEnds(js, olds.stream, [olds.name]);
  if (!loss) return [];
  const move = `from "${olds.stream}" to "${news.stream}"`;
  const reason = `${move} ends consumer "${consumerId(olds)}" and ${lossWords(loss, olds.stream)}`;
  return [{ path: "stream", reason, fix: keepOrAllow }];
}

/** Counts again before `work` where a change may lose messages, with nobody else changing interest in the stream meanwhile. */
export async function unlessLosing<Result>(
  { plan, info }: PlannedConsumer,
  inputs: ConsumerInputs,
  again: () => Promise<PlannedConsumer | undefined>,
  work: () => Promise<Result>,
): Promise<Result> {
  if (mayLoseInterest(inputs) || !plan.changes.some(({ losesMessages }) => losesMessages)) return work();
  return oneAtATime(endsIn(info.stream_name), async () => {
    const now = await again();
    if (now) refuseAll(consumerLossProblems(now, inputs));
    return work();
  });
}

const keepOrAllow = 'keep the old value, or say so in the program: onDataLoss: "allow"';
