import type { Problem } from "../errors";

/** Where the servers of one cluster live, for another one of the same program. */
export interface ClusterPlace {
  /** As the program calls it: `nats.Cluster "east"`. */
  readonly title: string;
  readonly kind: "hosts" | "this-machine";
  /** The folder with one folder a server, the same on every machine. */
  readonly dir: string;
  readonly servers: readonly ServerPlace[];
}

export interface ServerPlace {
  readonly name: string;
  /** What tells its machine from every other one, by whatever address it is reached. */
  readonly machine: string;
  /** The machine for messages: "10.0.1.11". */
  readonly host: string;
  /** The systemd unit that runs it, on hosts. */
  readonly unit?: string;
  readonly ports: Readonly<Record<string, number>>;
}

/** What keeps a cluster from living beside another one of the same program: a folder, units and ports that both would have. */
export function neighbourProblems(own: ClusterPlace, other: ClusterPlace): Problem[] {
  const pairs = own.servers.flatMap((server) =>
    other.servers
      .filter(({ machine }) => machine === server.machine)
      .map((neighbour): Pair => ({ server, neighbour, host: hostText(server, neighbour, other) })),
  );
  return [
    ...(own.dir === other.dir ? folderProblems(own, other, pairs) : []),
    ...unitProblems(other, pairs),
    ...portProblems(own, other, pairs),
  ];
}

interface Pair {
  readonly server: ServerPlace;
  readonly neighbour: ServerPlace;
  readonly host: string;
}

/** One machine may have two names. */
function hostText({ host }: ServerPlace, neighbour: ServerPlace, other: ClusterPlace): string {
  return host === neighbour.host ? host : `${host} (${neighbour.host} in ${other.title})`;
}

function folderProblems(own: ClusterPlace, other: ClusterPlace, pairs: readonly Pair[]): Problem[] {
  if (pairs.length === 0) return [];
  const reason = `${own.dir} on ${hostsOf(pairs)} is the folder of ${other.title} of this program already`;
  return [
    { path: "target.dir", reason, fix: `another name for this cluster, or ${setting(own, `dir: "${own.dir}-2"`)}` },
  ];
}

function unitProblems(other: ClusterPlace, pairs: readonly Pair[]): Problem[] {
  const same = pairs.filter(({ server, neighbour }) => server.unit !== undefined && server.unit === neighbour.unit);
  if (same.length === 0) return [];
  const units = same.map(({ server, host }) => `${server.unit} on ${host}`).join(", ");
  const what = same.length === 1 ? "is a systemd unit" : "are systemd units";
  const [first] = same as [Pair];
  const fix = `another name for this cluster, or names for its hosts: { address: "${first.server.host}", name: "${first.server.name}b" }`;
  return [{ path: "nodes", reason: `${units} ${what} of ${other.title} of this program already`, fix }];
}

function portProblems(own: ClusterPlace, other: ClusterPlace, pairs: readonly Pair[]): Problem[] {
  const hosts = new Map<string, Pair[]>();
  const clashes = new Map<string, number>();
  for (const pair of pairs) {
    const taken = new Set(Object.values(pair.neighbour.ports));
    const same = Object.entries(pair.server.ports).filter(([, port]) => taken.has(port));
    if (same.length === 0) continue;
    for (const [listener, port] of same) if (!clashes.has(listener)) clashes.set(listener, port);
    const text = same.map(([listener, port]) => `${port} (${listener})`).join(", ");
    hosts.set(text, [...(hosts.get(text) ?? []), pair]);
  }
  if (hosts.size === 0) return [];
  const texts = [...hosts].map(([ports, there]) => `${ports} of ${hostsOf(there)}`);
  const ports = freePorts(own, other, clashes).map(([listener, port]) => `${listener}: ${port}`);
  const reason = `${texts.join("; ")}: ports on which ${other.title} of this program listens already`;
  return [{ path: "target.ports", reason, fix: setting(own, `ports: { ${ports.join(", ")} }`) }];
}

/** Others by a hundred or more, which neither of the two listens on. */
function freePorts(
  own: ClusterPlace,
  other: ClusterPlace,
  clashes: ReadonlyMap<string, number>,
): [listener: string, port: number][] {
  const used = new Set([...own.servers, ...other.servers].flatMap(({ ports }) => Object.values(ports)));
  return [...clashes].map(([listener, port]) => {
    const all = own.servers.flatMap(({ ports }) => ports[listener] ?? []);
    let shift = 100;
    while (all.some((each) => used.has(each + shift))) shift += 100;
    for (const each of all) used.add(each + shift);
    return [listener, port + shift];
  });
}

function hostsOf(pairs: readonly Pair[]): string {
  return [...new Set(pairs.map(({ host }) => host))].join(", ");
}

/** As one would type it. */
function setting({ kind }: ClusterPlace, text: string): string {
  return kind === "hosts" ? `nats.hosts([…], { ${text} })` : `nats.thisMachine({ ${text} })`;
}
