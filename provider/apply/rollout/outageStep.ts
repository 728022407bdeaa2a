import type { RolloutStep } from "../../plan/rollout";
import { allOf } from "../allOf";
import { passGate } from "./gate";
import type { Observation } from "./observe";
import { isEnded } from "./left";
import type { Left } from "./left";
import { formerOf, putBack } from "./putBack";
import { expectWanted, gateOf } from "./rollout";
import type { Rollout } from "./rollout";
import { StepFailure } from "./stepFailure";
import { stopServer } from "./stopServer";

type OutageStep = Extract<RolloutStep, { kind: "outage" }>;

/** Stops all servers, then starts all of them: for what old and new servers can't share. Only where the program allows it. */
export async function restartTogether(rollout: Rollout, seen: Observation, step: OutageStep): Promise<void> {
  const nodes = step.nodes.map((name) => seen.nodes.get(name)!);
  await rollout.say(`stopping ${step.nodes.join(", ")} to start them together: ${step.why}`);
  try {
    await rollout.reach.close();
    await Promise.all(nodes.map((node) => stopServer(rollout.machine, node.name)));
    await allOf(
      nodes.map(async ({ name }) => {
        await rollout.machine.switchTo(name, rollout.staged.get(name)!);
        await rollout.machine.start(name, rollout.wanted.version);
      }),
    );
    const servers = nodes.map((node) => expectWanted(rollout, node));
    await passGate(gateOf(rollout, servers), step.nodes);
  } catch (error) {
    const results = await Promise.all(
      nodes.map(async (node): Promise<[string, Left]> => {
        const former = formerOf(node);
        if (former) return [node.name, await putBack(rollout, former)];
        await stopServer(rollout.machine, node.name);
        return [node.name, isEnded];
      }),
    );
    throw new StepFailure((error as Error).message, new Map(results), { cause: error });
  }
}
