import { sleep } from "../apply/wait";
import type { Machine, PortHolder } from "../apply/machine/machine";
import type { Problem } from "../errors";
import type { ServersInputs } from "../model/servers";

/** Ports that two servers share, that a foreign process holds, or that another server of this cluster still holds. */
export async function portProblems(
  machine: Machine,
  wanted: ServersInputs,
  leaver: Leaver = () => undefined,
): Promise<Problem[]> {
  const owners = await ownProcesses(machine);
  const taken = new Map<string, string>();
  const free: Place[] = [];
  const problems: Problem[] = [];
  const used = new Set(Object.values(wanted.nodes).flatMap(({ ports }) => Object.values(ports)));
  const another = (port: number): number => (used.has(port + 100) ? another(port + 100) : port + 100);
  for (const [node, { ports }] of Object.entries(wanted.nodes)) {
    for (const [listener, port] of Object.entries(ports)) {
      const path = `nodes.${node}.ports.${listener}`;
      const key = `${machine.hostOf(node)} ${port}`;
      const other = taken.get(key);
      taken.set(key, `${node}'s ${listener} listener`);
      if (other === undefined) free.push({ node, port, path });
      else
        problems.push({
          path,
          reason: `port ${port} is ${other} already`,
          fix: `another port, such as ${another(port)}`,
        });
    }
  }
  const found = await Promise.all(free.map((place) => lastingProblem(machine, wanted, place, owners, leaver)));
  return [...problems, ...found.flat()];
}

/** Who else of the program has a cluster in that folder which is about to leave the port. */
type Leaver = (folder: string, port: number) => string | undefined;

interface Place {
  readonly node: string;
  readonly port: number;
  readonly path: string;
}

/** Who holds a port may just be going: it counts when it is still there a moment later. */
async function lastingProblem(
  machine: Machine,
  wanted: ServersInputs,
  place: Place,
  owners: ReadonlyMap<string, string>,
  leaver: Leaver,
): Promise<Problem[]> {
  const look = async (since?: number): Promise<Problem[]> => {
    const holder = await machine.portHolder(place.node, place.port, since);
    return holder ? holderProblems(machine, wanted, place, holder, owners, leaver) : [];
  };
  if ((await look()).length === 0) return [];
  await sleep(300);
  return look(Date.now());
}

function holderProblems(
  machine: Machine,
  wanted: ServersInputs,
  { node, port, path }: Place,
  { pid, command, unit, folder }: PortHolder,
  owners: ReadonlyMap<string, string>,
  leaver: Leaver,
): Problem[] {
  const host = machine.hostOf(node);
  const owner = pid === undefined ? undefined : owners.get(`${host} ${pid}`);
  if (owner === node) return [];
  const subject = host === machine.label ? `port ${port}` : `port ${port} of ${host}`;
  if (owner !== undefined) {
    const reason = `${subject} is in use by ${owner} of this cluster, which would have to leave it first`;
    return [{ path, reason, fix: "two changes one after the other, by way of a free port" }];
  }
  const what = [command ?? "?", ...(unit === undefined ? [] : [unit])].join(" of ");
  const who = pid === undefined ? "a process of another user" : `process ${pid} (${what})`;
  const setting = wanted.target.kind === "hosts" ? "hosts([…], { ports })" : "thisMachine({ ports })";
  const leaving = folder === undefined ? undefined : leaver(folder, port);
  if (leaving !== undefined) {
    const reason = `${subject} is in use by ${who} until ${leaving} of this program leaves it, which must come first`;
    return [{ path, reason, fix: "dependsOn: that cluster", severity: "warning" }];
  }
  if (folder !== undefined) {
    const reason = `${subject} is in use by ${who}, a server of the cluster in ${folder}`;
    return [{ path, reason, fix: `another port: ${setting}; or \`pulumi destroy\` in the stack of that cluster` }];
  }
  // A service is somebody's, perhaps another cluster's server: it stays where it is if possible.
  const fix =
    unit === undefined
      ? `${pid === undefined ? "end it" : `end it (kill ${pid})`}, or another port: ${setting}`
      : `another port: ${setting}; or end it: systemctl disable --now ${unit}`;
  return [{ path, reason: `${subject} is in use by ${who}`, fix }];
}

async function ownProcesses(machine: Machine): Promise<Map<string, string>> {
  const found = (await machine.nodes()).map(async (node) =>
    (await machine.processes(node)).map(({ pid }): [string, string] => [`${machine.hostOf(node)} ${pid}`, node]),
  );
  return new Map((await Promise.all(found)).flat());
}
