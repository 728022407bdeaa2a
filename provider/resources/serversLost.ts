import type { Machine } from "../apply/machine/machine";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import type { ServersState } from "../model/servers";

const variable = "PULUMI_NATS_ON_LOST_HOST";

/** Servers whose hosts can't be reached when all are taken down; refused where whoever runs pulumi did not say to leave them. */
export async function lostServers(
  machine: Machine,
  { nodes, target }: ServersState,
): Promise<ReadonlyMap<string, Lost>> {
  const lost = new Map<string, Lost>();
  for (const node of Object.keys(nodes)) {
    const reason = await machine.lossOf?.(node);
    if (reason !== undefined) lost.set(node, { reason, place: `${target.dir}/${node}`, host: machine.hostOf(node) });
  }
  if (lost.size === 0 || process.env[variable] === "leave") return lost;
  const reasons = [...lost].map(
    ([node, { reason, place, host }]) => `${node}: ${reason}; ${place} and its service stay on ${host}`,
  );
  throw new NatsError(
    `nothing was taken down, since not every host can be reached:\n${reasons.join("\n")}\n` +
      `Fix: bring the hosts back and run it again; or, for hosts that are gone, ${variable}=leave pulumi destroy: it takes down all others`,
  );
}

interface Lost {
  readonly reason: string;
  readonly place: string;
  readonly host: string;
}

/** What nobody could take down, and what to do there should the host come back. */
export async function tellOfLost(context: CallContext, lost: ReadonlyMap<string, Lost>): Promise<void> {
  for (const [node, { place, host }] of lost) {
    await context.warn(
      `${node} stays on ${host}, which can't be reached: ${place} with JetStream's files, and its service. ` +
        `Should that host come back: systemctl disable --now nats-${node}; rm -r ${place} /etc/systemd/system/nats-${node}.service`,
    );
  }
}
