import { NatsError, ProblemsError } from "../../errors";
import { planRollout } from "../../plan/rollout";
import type { RolloutPlan, RolloutStep } from "../../plan/rollout";
import { allOf } from "../allOf";
import { mayGoOn } from "../ending";
import { waitFor, WaitTimeout } from "../wait";
import { emptyAccounts } from "./leavingAccounts";
import { observe } from "./observe";
import type { Observation, Observed } from "./observe";
import { restartTogether } from "./outageStep";
import { reloadNodes } from "./reloadStep";
import { removeNodes } from "./removeStep";
import { restartNodes } from "./restartStep";
import type { Rollout } from "./rollout";
import { stageAll } from "./stage";
import { startNodes } from "./startStep";

/**
 * Brings the servers from whatever is found to what is wanted. After each step it looks again and plans anew, so that a
 * rollout that was killed half way goes on from where the servers are, not from where a record says.
 */
export async function runRollout(rollout: Rollout): Promise<Observation> {
  let seen = await settle(rollout);
  let plan = planOf(rollout, seen);
  if (plan.refusals.length > 0) {
    throw new ProblemsError(`Servers of cluster ${rollout.wanted.cluster}: nothing was changed`, plan.refusals);
  }
  await emptyAccounts(rollout, seen);
  await stageAll(rollout, seen);
  for (let last = ""; plan.steps.length > 0;) {
    const [step] = plan.steps;
    const text = JSON.stringify(step);
    if (text === last) throw new NatsError(`no progress, although the servers took every step: ${plan.notes[0]}`);
    last = text;
    mayGoOn();
    await take(rollout, seen, step!);
    seen = await settle(rollout);
    plan = planOf(rollout, seen);
  }
  await allOf(
    [...rollout.staged].map(([name, staged]) => {
      const former = rollout.before.get(name);
      return rollout.machine.prune(name, [staged, ...(former === undefined ? [] : [former])]);
    }),
  );
  return seen;
}

export function planOf(rollout: Pick<Rollout, "wanted" | "parsed" | "explain">, seen: Observation): RolloutPlan {
  const { wanted, parsed, explain } = rollout;
  return planRollout(
    {
      version: wanted.version,
      nodes: new Map([...parsed].map(([name, { conf }]) => [name, conf])),
      allowOutage: wanted.rollout.allowOutage ?? false,
      allowDataLoss: wanted.onDataLoss === "allow",
      ...(seen.metaLeader ? { metaLeader: seen.metaLeader } : {}),
    },
    [...seen.nodes.values()],
    explain,
  );
}

async function take(rollout: Rollout, seen: Observation, step: RolloutStep): Promise<void> {
  switch (step.kind) {
    case "start":
      return startNodes(rollout, seen, step);
    case "remove":
      return removeNodes(rollout, seen, step);
    case "reload":
      return reloadNodes(rollout, seen, step);
    case "restart":
      return restartNodes(rollout, seen, step);
    case "outage":
      return restartTogether(rollout, seen, step);
  }
}

/**
 * Looks at the servers, with patience for those that are just coming up or (in lame duck mode, from a rollout that was
 * killed) just going down: they get the time of one gate to be one or the other.
 */
async function settle(rollout: Rollout): Promise<Observation> {
  const look: Observed = rollout;
  let seen = await observe(look);
  const isSettled = (): boolean =>
    [...seen.nodes.values()].every((node) => node.state !== "unreachable" || node.isLost);
  try {
    await waitFor("an answer of every server", { timeout: Math.min(rollout.timeout, 45_000) }, async () => {
      if (!isSettled()) seen = await observe(look);
      return isSettled() ? { value: undefined } : { pending: "no answer" };
    });
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
  }
  return seen;
}
