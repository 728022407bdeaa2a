import type { Machine } from "../apply/machine/machine";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import { unitName } from "../model/hosts";
import { neighbourProblems } from "../model/neighbours";
import type { ClusterPlace } from "../model/neighbours";
import type { ServersInputs } from "../model/servers";

/** Where the clusters live that one provider process has been asked about, by URN in their order: those of one preview, or of one `up`. */
const seen = new WeakMap<CallContext["config"], Map<string, Promise<ClusterPlace | undefined>>>();

/** A cluster among the others of its program. */
export interface Neighbourhood {
  /** Tells where it lives; what is wrong with that beside those that were asked about before it. */
  settle(machine: Machine, inputs: ServersInputs): Promise<Problem[]>;
  /** Which of them, once this has settled, lives in that folder and does without the port from now on. */
  readonly leaverOf: (folder: string, port: number) => string | undefined;
  /** Whoever waits to hear where it lives waits no longer. */
  leave(): void;
}

export function enterNeighbourhood({ config, urn }: CallContext): Neighbourhood {
  const nobody = { settle: () => Promise.resolve([]), leaverOf: () => undefined, leave: () => undefined };
  if (urn === undefined) return nobody;
  const clusters = seen.get(config) ?? new Map<string, Promise<ClusterPlace | undefined>>();
  seen.set(config, clusters);
  clusters.delete(urn);
  const before = [...clusters.values()];
  let others: ClusterPlace[] = [];
  let tell: (place: ClusterPlace | undefined) => void = () => undefined;
  clusters.set(urn, new Promise((resolve) => (tell = resolve)));
  return {
    async settle(machine, inputs) {
      const own = await placeOf(machine, inputs, urn);
      tell(own);
      others = (await Promise.all(before)).filter((other) => other !== undefined);
      return others.flatMap((other) => neighbourProblems(own, other));
    },
    leaverOf: (folder, port) =>
      others.find(
        ({ dir, servers }) => dir === folder && !servers.some(({ ports }) => Object.values(ports).includes(port)),
      )?.title,
    leave: () => tell(undefined),
  };
}

async function placeOf(machine: Machine, inputs: ServersInputs, urn: string): Promise<ClusterPlace> {
  const { target, nodes, cluster } = inputs;
  const servers = Object.entries(nodes).map(async ([name, { ports }]) => {
    const host = machine.hostOf(name);
    const unit = target.kind === "hosts" ? { unit: unitName(name) } : {};
    return { name, machine: (await machine.identityOf?.(name)) ?? host, host, ...unit, ports };
  });
  const title = /::([^:]+)-servers$/.exec(urn)?.[1] ?? cluster;
  return {
    title: `nats.Cluster "${title}"`,
    kind: target.kind,
    dir: target.dir,
    servers: await Promise.all(servers),
  };
}
