import { sleep } from "../apply/wait";
import type { Machine, PortHolder } from "../apply/machine/machine";
import type { Problem } from "../errors";
import type { ServersInputs } from "../model/servers";

/** Ports that two servers share, that a foreign process holds, or that another server of this cluster still holds. */
export async function portProblems(machine: Machine, wanted: ServersInputs): Promise<Problem[]> {
  const problems: Problem[] = [];
  const owners = await ownProcesses(machine);
  const taken = new Map<number, string>();
  for (const [node, { ports }] of Object.entries(wanted.nodes)) {
    for (const [listener, port] of Object.entries(ports)) {
      const path = `nodes.${node}.ports.${listener}`;
      const other = taken.get(port);
      taken.set(port, `${node}'s ${listener} listener`);
      if (other !== undefined) {
        problems.push({ path, reason: `port ${port} is ${other} already`, fix: `another port, such as ${port + 100}` });
        continue;
      }
      const problem = await lastingProblem(machine, port, (holder) => holderProblem(port, node, holder, owners));
      if (problem) problems.push({ path, ...problem });
    }
  }
  return problems;
}

/** Who holds a port may just be going: it counts when it is still there a moment later. */
async function lastingProblem<Found>(
  machine: Machine,
  port: number,
  problemOf: (holder: PortHolder) => Found | undefined,
): Promise<Found | undefined> {
  const look = async (): Promise<Found | undefined> => {
    const holder = await machine.portHolder(port);
    return holder && problemOf(holder);
  };
  if ((await look()) === undefined) return undefined;
  await sleep(300);
  return look();
}

function holderProblem(
  port: number,
  node: string,
  holder: PortHolder,
  owners: ReadonlyMap<number, string>,
): Omit<Problem, "path"> | undefined {
  const owner = holder.pid === undefined ? undefined : owners.get(holder.pid);
  if (owner === node) return undefined;
  if (owner !== undefined) {
    const reason = `port ${port} is in use by ${owner} of this cluster, which would have to leave it first`;
    return { reason, fix: "two changes one after the other, by way of a free port" };
  }
  const who =
    holder.pid === undefined ? "a process of another user" : `process ${holder.pid} (${holder.command ?? "?"})`;
  const end = holder.pid === undefined ? "end it" : `end it (kill ${holder.pid})`;
  return { reason: `port ${port} is in use by ${who}`, fix: `${end}, or another port: thisMachine({ ports })` };
}

async function ownProcesses(machine: Machine): Promise<Map<number, string>> {
  const owners = new Map<number, string>();
  for (const node of await machine.nodes()) {
    for (const server of await machine.processes(node)) owners.set(server.pid, node);
  }
  return owners;
}
