import { passGate } from "./gate";
import type { Left } from "./left";
import type { NodeObservation } from "./observe";
import { expect, gateOf } from "./rollout";
import type { Rollout } from "./rollout";
import { stopServer } from "./stopServer";

/** How one server stood before a step touched it. */
export interface Former {
  readonly node: NodeObservation;
  readonly generation: string;
  readonly switchedAt: number | undefined;
}

export function formerOf(node: NodeObservation): Former | undefined {
  const generation = node.runs ?? node.folder?.current;
  if (generation === undefined) return undefined;
  const switchedAt = generation === node.folder?.current ? node.folder.switchedAt : undefined;
  return { node, generation, switchedAt };
}

/**
 * Puts a server's former configuration back and makes sure that it serves with it: as it is where it never took the
 * new one, else by a reload, else by a restart. Returns what came of it.
 */
export async function putBack(rollout: Rollout, former: Former): Promise<Left> {
  const { machine, reach } = rollout;
  const { node } = former;
  try {
    await machine.switchTo(node.name, former.generation, former.switchedAt);
    if (node.state === "stopped") return { how: "old", text: "kept the old configuration, and is stopped as before" };
    const isServing = await servesFormer(rollout, former, 1000);
    if (isServing && !(await reach.hasFiles(node.name, node.candidates))) {
      return { how: "old", text: "kept the old configuration, and the files beside it are still the new ones" };
    }
    if (!isServing && !(await reloadsFormer(rollout, former))) {
      await reach.drop(node.name);
      await stopServer(machine, node.name);
      await machine.start(node.name, node.version ?? rollout.wanted.version);
      if (!(await servesFormer(rollout, former, rollout.timeout)))
        return { how: "silent", text: "has the old configuration on disk and does not serve" };
    }
    return { how: "old", text: "kept the old configuration" };
  } catch (error) {
    return { how: "not put back", text: `could not get the old configuration back: ${(error as Error).message}` };
  }
}

async function reloadsFormer(rollout: Rollout, former: Former): Promise<boolean> {
  const { node } = former;
  if ((await rollout.machine.processes(node.name)).length === 0) return false;
  try {
    const connection = await rollout.reach.to(node.name, node.candidates);
    await connection.ask("RELOAD");
    return await servesFormer(rollout, former, 5000);
  } catch {
    return false;
  }
}

/** Only this server's own word: the others may be the reason why the cluster is not whole. */
async function servesFormer(rollout: Rollout, former: Former, timeout: number): Promise<boolean> {
  const server = { ...expect(former.node), alone: true };
  return passGate(gateOf(rollout, [server], timeout), [former.node.name]).then(
    () => true,
    () => false,
  );
}
