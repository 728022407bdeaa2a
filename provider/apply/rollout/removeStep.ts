import { NatsError } from "../../errors";
import type { RolloutStep } from "../../plan/rollout";
import { mayGoOn } from "../ending";
import { errorCodes } from "../jetstreamErrors";
import type { Jsz } from "../serverAnswers";
import { ServerRefusal } from "../serverRefusal";
import { waitFor } from "../wait";
import { passGate } from "./gate";
import { isEnded } from "./left";
import type { Left } from "./left";
import type { NodeObservation, Observation } from "./observe";
import { formerOf, putBack } from "./putBack";
import { expectOther, gateOf, hasJetStream, isClustered, othersOf } from "./rollout";
import type { Rollout } from "./rollout";
import { StepFailure } from "./stepFailure";
import { drainServer } from "./stopServer";
import { largestReplication } from "./replication";

const outOfReach: Left = { how: "silent", text: "is where it was, its host can't be reached" };

type RemoveStep = Extract<RolloutStep, { kind: "remove" }>;

/** Takes servers out of the cluster one at a time, and each out of JetStream's peers before the next one goes. */
export async function removeNodes(rollout: Rollout, seen: Observation, step: RemoveStep): Promise<void> {
  const gone: string[] = [];
  for (const name of step.nodes) {
    const node = seen.nodes.get(name)!;
    mayGoOn();
    const others = othersOf(seen, [name, ...gone]);
    await rollout.say(`taking ${name} out of the cluster${node.isLost ? `, without its host: ${node.evidence}` : ""}`);
    try {
      await mustBeRemovable(rollout, node, others);
      await mustHaveRoom(rollout, node, others);
      await rollout.reach.drop(name);
      if (!node.isLost) {
        await drainServer(rollout.machine, name, node.conf);
        await rollout.machine.rest?.(name);
      }
      if (others.length > 0) await removePeer(rollout, node, others);
    } catch (error) {
      const former = formerOf(node);
      const without = node.isLost ? outOfReach : isEnded;
      const result = former ? await putBack(rollout, former) : without;
      throw new StepFailure((error as Error).message, new Map([[name, result]]), { cause: error });
    }
    gone.push(name);
    if (node.isLost) await rollout.machine.remove(name, { data: false });
    else await cleanUp(rollout, name);
  }
}

async function mustHaveRoom(
  rollout: Rollout,
  node: NodeObservation,
  others: readonly NodeObservation[],
): Promise<void> {
  const largest = await largestReplication(rollout.reach, others);
  if (!largest || largest.replicas <= others.length) return;
  throw new NatsError(
    `stream ${largest.stream} of account ${largest.account} has ${largest.replicas} replicas, and without ${node.name} ` +
      `${others.length} servers are left. Fix: lower its replicas first, or keep the server`,
  );
}

async function mustBeRemovable(
  rollout: Rollout,
  node: NodeObservation,
  [other]: readonly NodeObservation[],
): Promise<void> {
  const conf = node.conf ?? other?.conf;
  if (!other || !conf || !hasJetStream(conf) || !isClustered(conf)) return;
  if ((await rollout.reach.to(other.name, other.candidates)).canManageJetStream) return;
  throw new NatsError(
    `${node.name} can't be taken out of JetStream's peers: that needs a user of the system account, and beside ` +
      "authorization.token there is none. Fix: accounts with users in place of the token, or keep the server",
  );
}

/** Until it is out of the peers, a stopped server counts in every quorum. */
async function removePeer(rollout: Rollout, node: NodeObservation, others: readonly NodeObservation[]): Promise<void> {
  const [other] = others;
  const conf = node.conf ?? other!.conf;
  if (!conf || !hasJetStream(conf) || !isClustered(conf) || !isClustered(other!.conf ?? conf)) return;
  await waitFor(`${node.name} out of JetStream's peers`, { timeout: rollout.timeout, interval: 100 }, async () => {
    let meta: Jsz["meta_cluster"];
    try {
      const connection = await rollout.reach.to(other!.name, other!.candidates);
      ({ meta_cluster: meta } = await connection.ask<Jsz>("JSZ"));
      if (meta?.leader && meta.cluster_size <= others.length) return { value: undefined };
      await connection.askJetStream("$JS.API.SERVER.REMOVE", { peer: node.name });
    } catch (error) {
      const isRefusal = error instanceof ServerRefusal;
      if (isRefusal && error.code === errorCodes.noSuchPeer && meta?.leader) return { value: undefined };
      if (!isRefusal) await rollout.reach.drop(other!.name);
      return { pending: (error as Error).message };
    }
    return { pending: `meta group of ${meta?.cluster_size}` };
  });
  const servers = others.map((one) => expectOther(rollout, one));
  await passGate(
    gateOf(rollout, servers),
    others.map((one) => one.name),
  );
}

async function cleanUp(rollout: Rollout, name: string): Promise<void> {
  const { machine, wanted } = rollout;
  const aside = await machine.setDataAside(name);
  await machine.remove(name, { data: wanted.onDataLoss === "allow" });
  await machine.markRemoved(name);
  if (wanted.onDataLoss === "allow" || aside === undefined) return;
  await rollout.say(`${name} is out of the cluster; its JetStream files stay in ${aside}`);
}
