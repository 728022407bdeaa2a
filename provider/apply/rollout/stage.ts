import { NatsError } from "../../errors";
import { differingFiles, nodeFiles } from "../../model/nodeFiles";
import type { GenerationFiles } from "../../model/nodeFiles";
import { allOf } from "../allOf";
import type { Machine } from "../machine/machine";
import type { NodeObservation, Observation } from "./observe";
import type { Rollout } from "./rollout";

/** Writes what is wanted to every server's folder and lets its own parser judge all of it, before anything runs with it. */
export async function stageAll(rollout: Rollout, seen: Observation): Promise<void> {
  const complaints = await allOf(Object.keys(rollout.wanted.nodes).map((name) => stageNode(rollout, seen, name)));
  const refused = complaints.filter((complaint) => complaint !== undefined);
  if (refused.length === 0) return;
  const { version } = rollout.wanted;
  throw new NatsError(`nats-server ${version} refuses the configuration, nothing was changed:\n${refused.join("\n")}`);
}

/** What the server's parser says against it. */
async function stageNode(rollout: Rollout, seen: Observation, name: string): Promise<string | undefined> {
  const node = seen.nodes.get(name);
  const current = node?.folder?.current;
  const generation = await stage(rollout.machine, name, node, nodeFiles(rollout.wanted, name));
  rollout.staged.set(name, generation);
  if (current !== undefined && !rollout.before.has(name)) rollout.before.set(name, current);
  if (generation === current && node?.isLoaded) return undefined;
  const complaint = await rollout.machine.validate(name, generation, rollout.wanted.version);
  return complaint === undefined ? undefined : `${name}: ${complaint}`;
}

/** The generation with exactly these files: the current one where it fits, else an earlier one, else a new one. */
export async function stage(
  machine: Machine,
  name: string,
  node: NodeObservation | undefined,
  files: GenerationFiles,
): Promise<string> {
  const { generations = [], current } = node?.folder ?? {};
  const inOrder = [...(current === undefined ? [] : [current]), ...[...generations].reverse()];
  for (const generation of inOrder) {
    const found = await machine.readGeneration(name, generation);
    if (found && differingFiles(found, files).length === 0) return generation;
  }
  return machine.writeGeneration(name, files);
}
