import { runsNew } from "../apply/rollout/left";
import type { Left } from "../apply/rollout/left";
import { observe } from "../apply/rollout/observe";
import type { NodeObservation, Observation } from "../apply/rollout/observe";
import { runRollout } from "../apply/rollout/runRollout";
import type { Rollout } from "../apply/rollout/rollout";
import { StepFailure } from "../apply/rollout/stepFailure";
import { NatsError, problemText } from "../errors";
import { PartialFailure } from "../host/handler";
import type { CallContext } from "../host/handler";
import { asLeft } from "../model/servers";
import type { ServersInputs, ServersState } from "../model/servers";
import { rolloutOf, stateOf } from "./serversCluster";
import { endGlances } from "./serversGlance";
import { ownerProblem } from "./serversOwner";

/** Brings the servers to what is wanted, from nothing or from anything; alone on its folder while it runs. */
export async function applyServers(
  context: CallContext,
  wanted: ServersInputs,
  olds: ServersState | undefined,
): Promise<ServersState> {
  await endGlances(wanted.target, olds ? [olds.target] : []);
  const rollout = rolloutOf(context, wanted, olds ? [asLeft(olds)] : []);
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await rollout.machine.lock();
    await claim(rollout, context, olds);
    return stateOf(wanted, await runRollout(rollout));
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const seen = await observe(rollout);
    const reasons = reasonsOf(rollout, seen, error);
    throw new PartialFailure(wanted.target.dir, stateOf(wanted, seen, rollout.known), reasons);
  } finally {
    await rollout.reach.close();
    await unlock?.();
    await rollout.machine.close?.();
  }
}

async function claim(rollout: Rollout, context: CallContext, olds: ServersState | undefined): Promise<void> {
  const { machine, wanted } = rollout;
  const problem = await ownerProblem(machine, wanted.cluster, context.urn, olds);
  if (problem) throw new NatsError(problemText(problem));
  if (olds && ((await machine.unowned?.()) ?? []).length === 0) return;
  await machine.writeOwner({ cluster: wanted.cluster, ...(context.urn === undefined ? {} : { urn: context.urn }) });
}

/** Why it stopped, and where each server stands now. */
export function reasonsOf(
  rollout: Rollout,
  seen: Observation,
  failure: StepFailure,
  inWords: (left: Left, node: NodeObservation) => string = ({ text }) => text,
): string[] {
  const lines = [...seen.nodes.values()].map((node) => {
    const left = failure.left.get(node.name) ?? untouched(rollout, node);
    return `${node.name}: ${inWords(left, node)}`;
  });
  return [
    `the rollout of cluster ${rollout.wanted.cluster} stopped: ${failure.message}`,
    ...lines,
    "once the cause is gone, the next `pulumi up` goes on from here",
  ];
}

/** How a server stands that the step which failed had nothing to do with. */
function untouched({ parsed, wanted }: Rollout, node: NodeObservation): Left {
  const { state, version } = node;
  if (state !== "running") return { how: "silent", text: state === "missing" ? "does not exist yet" : state };
  const isNew =
    parsed.get(node.name)?.digestFor(wanted.version) === node.digest && version === wanted.version && node.isLoaded;
  return isNew ? runsNew : { how: "old", text: "kept the old configuration, its turn did not come" };
}
