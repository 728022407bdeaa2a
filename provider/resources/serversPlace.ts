import { isError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown, isUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import type { ServersInputs, ServersState } from "../model/servers";
import { beginGlance, keepGlance } from "./serversGlance";
import { enterNeighbourhood } from "./serversNeighbours";
import { ownerProblem } from "./serversOwner";
import { portProblems } from "./serversPorts";

/** What of the machines themselves stands in the way, known as soon as it is known where the servers shall run: access, room, ports, owners. */
export async function placeProblems(
  context: CallContext,
  inputs: ServersInputs,
  olds: ServersState | undefined,
): Promise<Problem[]> {
  const { target, cluster, nodes } = inputs;
  if (hasUnknown(target) || isUnknown(cluster) || isUnknown(nodes)) return [];
  if (Object.values(nodes).some((node) => isUnknown(node) || hasUnknown(node.ports))) return [];
  const neighbourhood = enterNeighbourhood(context);
  const glance = beginGlance(target, olds ? [olds.target] : []);
  const { machine } = glance;
  try {
    const late = (context.applying && (await machine.booted?.(context.info))) || [];
    if (late.length > 0) return late;
    const problems = (await machine.problems?.(inputs)) ?? [];
    if (problems.some(isError)) return problems;
    const neighbours = await neighbourhood.settle(machine, inputs);
    // In an `up` what comes first has left by now.
    const leaver = context.applying ? undefined : neighbourhood.leaverOf;
    problems.push(...(await portProblems(machine, inputs, leaver)));
    const foreign = await ownerProblem(machine, cluster, context.urn, olds);
    if (foreign) problems.push(foreign);
    // What runs already is said as it is found.
    return problems.some(isError) ? problems : [...problems, ...neighbours];
  } finally {
    neighbourhood.leave();
    keepGlance(glance);
  }
}
