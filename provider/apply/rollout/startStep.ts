import { joinsOthers, remoteClusters } from "../../plan/gateways";
import { allOf } from "../allOf";
import { dialledHubs } from "../../plan/leafnodes";
import { passGate } from "./gate";
import type { Expected } from "./gate";
import { isEnded, runsNew } from "./left";
import type { Left } from "./left";
import type { NodeObservation, Observation } from "./observe";
import { formerOf, putBack } from "./putBack";
import { expect, expectOther, expectWanted, gateOf, othersOf } from "./rollout";
import type { Rollout } from "./rollout";
import { StepFailure } from "./stepFailure";
import { stopServer } from "./stopServer";
import type { RolloutStep } from "../../plan/rollout";

type StartStep = Extract<RolloutStep, { kind: "start" }>;

/** Starts servers that don't run, all at the same moment: a quorum may need every one of them. */
export async function startNodes(rollout: Rollout, seen: Observation, step: StartStep): Promise<void> {
  const { machine, wanted } = rollout;
  const nodes = step.nodes.map((name) => seen.nodes.get(name)!);
  await rollout.say(`starting ${step.nodes.join(", ")}`);
  try {
    const others = othersOf(seen, step.nodes).map((node) => expectOther(rollout, node));
    await mustHaveJoined(rollout, others);
    await allOf(
      nodes.map(async ({ name }) => {
        if (step.config === "wanted") await machine.switchTo(name, rollout.staged.get(name)!);
        await machine.start(name, wanted.version);
      }),
    );
    const starting = nodes.map((node) => {
      const server = step.config === "wanted" ? expectWanted(rollout, node) : expect(node, { version: wanted.version });
      // What ran before goes on without its hub.
      const leafs = step.why === "new" ? dialledHubs(rollout.parsed.get(node.name)!.conf) : 0;
      return joining(rollout, { ...server, leafs });
    });
    await passGate(gateOf(rollout, [...starting, ...others]), step.nodes);
  } catch (error) {
    throw new StepFailure((error as Error).message, await takeBack(rollout, nodes, step), { cause: error });
  }
}

/** What starts, perhaps before other clusters of its supercluster do, needs gateways to those that it names. */
function joining(rollout: Rollout, server: Expected): Expected {
  const { conf } = rollout.parsed.get(server.node)!;
  if (!conf.has("gateway")) return server;
  return { ...server, gateways: remoteClusters(conf), mayWaitForOthers: true };
}

/** Further servers must not make a JetStream meta group of their own beside the one that the first was to join. */
async function mustHaveJoined(rollout: Rollout, others: readonly Expected[]): Promise<void> {
  const joined = others.filter(({ node }) => joinsOthers(rollout.parsed.get(node)?.conf ?? new Map()));
  if (joined.length === 0) return;
  const servers = joined.map((server) => joining(rollout, server));
  await passGate(
    gateOf(rollout, servers),
    servers.map(({ node }) => node),
  );
}

/** What did not run before does not run on with a configuration that failed; what had data keeps it. */
async function takeBack(
  rollout: Rollout,
  nodes: readonly NodeObservation[],
  step: StartStep,
): Promise<Map<string, Left>> {
  const left = new Map<string, Left>();
  for (const node of nodes) {
    const serves = await passGate(gateOf(rollout, [{ ...expectWanted(rollout, node), alone: true }], 500), [node.name])
      .then(() => true)
      .catch(() => false);
    if (serves) {
      left.set(node.name, runsNew);
      continue;
    }
    await stopServer(rollout.machine, node.name);
    const former = step.config === "wanted" ? formerOf(node) : undefined;
    if (former) left.set(node.name, await putBack(rollout, former));
    else left.set(node.name, isEnded);
  }
  return left;
}
