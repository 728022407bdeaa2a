import { changesGatewayTerms } from "../../plan/gateways";
import { hubsToReach } from "../../plan/leafnodes";
import type { RolloutStep } from "../../plan/rollout";
import { mayGoOn } from "../ending";
import type { Jsz } from "../serverAnswers";
import { waitFor } from "../wait";
import { passGate } from "./gate";
import type { Expected } from "./gate";
import { runsNew } from "./left";
import type { Left } from "./left";
import type { NodeObservation, Observation } from "./observe";
import { formerOf, putBack } from "./putBack";
import { expect, expectOther, expectWanted, gateOf, othersOf } from "./rollout";
import type { Rollout } from "./rollout";
import { StepFailure } from "./stepFailure";
import { drainServer } from "./stopServer";

type RestartStep = Extract<RolloutStep, { kind: "restart" }>;

/** Restarts servers one at a time: those that don't answer first, the one that leads JetStream's meta group last. */
export async function restartNodes(rollout: Rollout, seen: Observation, step: RestartStep): Promise<void> {
  const done = new Map<string, Expected>();
  const waiting = new Set(step.nodes);
  while (waiting.size > 0) {
    const node = await nextOf(rollout, seen, waiting);
    waiting.delete(node.name);
    mayGoOn();
    await rollout.say(`restarting ${node.name}: ${step.why}`);
    const others = [
      ...done.values(),
      ...othersOf(seen, [node.name, ...done.keys()])
        .filter((other) => other.name !== node.name)
        .map((other) => expectOther(rollout, other)),
    ];
    try {
      // With another server not whole, stopping this one could take the quorum away.
      await passGate(
        { ...gateOf(rollout, others), sparing: node.state === "running" ? expect(node) : undefined },
        others.map((other) => other.node),
      );
    } catch (error) {
      const reason = `the other servers must be whole before ${node.name} restarts: ${(error as Error).message}`;
      throw new StepFailure(reason, leftOf(done), { cause: error });
    }
    try {
      await restart(rollout, node, others);
      done.set(node.name, expectWanted(rollout, node));
    } catch (error) {
      const former = formerOf(node);
      const result = former ? await putBack(rollout, former) : ({ how: "silent", text: "does not serve" } as const);
      throw new StepFailure((error as Error).message, new Map([...leftOf(done), [node.name, result]]), {
        cause: error,
      });
    }
  }
}

async function restart(rollout: Rollout, node: NodeObservation, others: readonly Expected[]): Promise<void> {
  const { machine, reach, wanted } = rollout;
  await handOverMeta(rollout, node, others);
  await reach.drop(node.name);
  await drainServer(machine, node.name, node.conf);
  await machine.switchTo(node.name, rollout.staged.get(node.name)!);
  await machine.start(node.name, wanted.version);
  const { conf } = rollout.parsed.get(node.name)!;
  const links = { linkedAsPeers: !changesGatewayTerms(node.conf, conf), leafs: hubsToReach(node.conf, conf) };
  await passGate(gateOf(rollout, [{ ...expectWanted(rollout, node), ...links }, ...others]), [node.name]);
}

async function nextOf(rollout: Rollout, seen: Observation, waiting: ReadonlySet<string>): Promise<NodeObservation> {
  const nodes = [...waiting].map((name) => seen.nodes.get(name)!);
  const silent = nodes.find((node) => node.state === "unreachable");
  if (silent) return silent;
  const leader = await metaLeader(rollout, nodes);
  return nodes.find((node) => node.name !== leader) ?? nodes[0]!;
}

/** Lame duck mode hands leadership over too, but only while it already stops serving: this is without a gap. */
async function handOverMeta(rollout: Rollout, node: NodeObservation, others: readonly Expected[]): Promise<void> {
  if (node.state !== "running" || others.length === 0) return;
  if ((await metaLeader(rollout, [node])) !== node.name) return;
  const connection = await rollout.reach.to(node.name, node.candidates);
  if (!connection.canManageJetStream) return;
  await connection.askJetStream("$JS.API.META.LEADER.STEPDOWN").catch(() => undefined);
  await waitFor("another meta leader", { timeout: 10_000 }, async () => {
    const leader = await metaLeader(rollout, [node]);
    return leader !== undefined && leader !== node.name ? { value: leader } : { pending: leader ?? "no leader" };
  }).catch(() => undefined);
}

async function metaLeader(rollout: Rollout, nodes: readonly NodeObservation[]): Promise<string | undefined> {
  for (const node of nodes.filter((one) => one.state === "running")) {
    try {
      const connection = await rollout.reach.to(node.name, node.candidates);
      const { meta_cluster: meta } = await connection.ask<Jsz>("JSZ");
      return meta?.leader;
    } catch {
      await rollout.reach.drop(node.name);
    }
  }
  return undefined;
}

function leftOf(done: ReadonlyMap<string, Expected>): Map<string, Left> {
  return new Map([...done.keys()].map((name) => [name, runsNew]));
}
