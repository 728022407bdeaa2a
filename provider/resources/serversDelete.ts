import { allOf } from "../apply/allOf";
import { stopServer } from "../apply/rollout/stopServer";
import type { CallContext } from "../host/handler";
import type { ServersState } from "../model/servers";
import { machineOf } from "./serversCluster";
import { lostServers, tellOfLost } from "./serversLost";

/** Stops the servers and removes what was written for them; JetStream's files stay unless the program lets them go. */
export async function deleteServers(context: CallContext, state: ServersState): Promise<void> {
  // No server is wanted any more, so that a host which can't be reached is a lost one and no error yet.
  const { target } = state;
  const machine = target.kind === "hosts" ? machineOf({ ...target, hosts: {} }, [target]) : machineOf(target);
  let unlock: (() => Promise<void>) | undefined;
  try {
    if ((await machine.nodes()).length === 0 && (await machine.owners()).length === 0) return;
    const lost = await lostServers(machine, state);
    unlock = await machine.lock();
    const all = new Set([...Object.keys(state.nodes), ...(await machine.nodes())]);
    const nodes = [...all].filter((node) => !lost.has(node));
    await allOf(nodes.map((node) => stopServer(machine, node)));
    const what = { data: state.onDataLoss === "allow", cluster: true };
    const left = await allOf(nodes.map((node) => machine.remove(node, what)));
    const kept = left.filter((data) => data !== undefined);
    await machine.writeOwner(undefined);
    await tellOfLost(context, lost);
    if (kept.length > 0) {
      const who = /^operator\b/m.test(state.config) ? "a cluster with the same operator's keys" : "a cluster";
      await context.info(`JetStream's files stay, ${who} in the same folder takes them up again: ${kept.join(", ")}`);
    }
  } finally {
    await unlock?.();
    await machine.close?.();
  }
}
