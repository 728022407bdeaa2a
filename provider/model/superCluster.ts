import type { Problem } from "../errors";
import { isUnknown } from "../host/handler";
import { certificateProblems } from "./certificate";
import type { Listener } from "./cluster";

/** One region of a supercluster, with what the others must be able to live with. */
export interface RegionModel {
  /** cluster.name and gateway.name. */
  readonly cluster: string;
  /** Servers by server_name, with the addresses that they listen on. */
  readonly servers: Readonly<Record<string, RegionServer>>;
  /** Where the other regions dial. */
  readonly gatewayUrls: readonly string[];
  /** PEM of the CAs that its servers trust; undefined without TLS. */
  readonly ca?: string;
  /** PEM of a certificate of the program's own. */
  readonly cert?: string;
  readonly jetstream: boolean;
  /** jetstream.domain; "" without one. */
  readonly domain?: string;
}

export interface RegionServer {
  readonly host: string;
  readonly ports: Readonly<Partial<Record<Listener, number>>>;
}

/** A cluster of another program that the regions join. */
export interface RemoteCluster {
  readonly cluster: string;
  readonly gatewayUrls: readonly string[];
}

/** Regions by the name that the program gives them, in the order in which they join. */
export type RegionModels = Readonly<Record<string, RegionModel>>;

/** Everything that keeps these regions from being one supercluster. */
export function superClusterProblems(regions: RegionModels, joined: readonly RemoteCluster[] = []): Problem[] {
  const all = Object.entries(regions);
  return [
    ...all.flatMap(([name, region]) => addressProblems(name, region)),
    ...nameProblems(all, joined),
    ...portProblems(all),
    ...tlsProblems(all),
    ...domainProblems(all),
    ...(joined.length === 0 ? quorumProblems(all) : []),
  ];
}

/** Regions join in the order in which they stand: what is new comes after what runs. */
export function orderProblems(before: readonly string[], now: readonly string[]): Problem[] {
  const staying = before.filter((name) => now.includes(name));
  const wanted = [...staying, ...now.filter((name) => !before.includes(name))];
  if (wanted.join() === now.join()) return [];
  const moved = now.filter((name, index) => name !== wanted[index]);
  const added = moved.filter((name) => !before.includes(name));
  const reason =
    added.length > 0
      ? `${added.join(", ")} is new and stands before regions that run: it would start a JetStream of its own in place of joining theirs`
      : `${moved.join(", ")} moved: each region joins those before it, so another order restarts servers for nothing`;
  return [{ path: "regions", reason, fix: `regions: { ${wanted.map(quoted).join(", ")} } in this order` }];
}

function quoted(name: string): string {
  return `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: { … }`;
}

type Entry = readonly [name: string, region: RegionModel];

function addressProblems(name: string, region: RegionModel): Problem[] {
  const path = regionPath(name);
  if (region.gatewayUrls.length === 0) {
    const reason = "has no address that gateways of other regions could dial";
    return [{ path: `${path}.target`, reason, fix: "a target with a gateway listener that the other regions reach" }];
  }
  if (region.cert === undefined) return [];
  const found = certificateProblems({
    cert: region.cert,
    hosts: [...new Set(region.gatewayUrls.map(hostOf))],
    usages: ["server", "client"],
    now: new Date(),
    prefix: `${path}.tls.`,
  });
  return found;
}

function nameProblems(all: readonly Entry[], joined: readonly RemoteCluster[]): Problem[] {
  const problems: Problem[] = [];
  const clusters = new Map(joined.map(({ cluster }) => [cluster, "a region that is joined"]));
  const servers = new Map<string, string>();
  for (const [name, region] of all) {
    const path = regionPath(name);
    const other = clusters.get(region.cluster);
    if (other !== undefined) {
      problems.push({
        path: `${path}.name`,
        reason: `${other} has the gateway name "${region.cluster}" already, and gateways tell clusters apart by it`,
        fix: `name: "${region.cluster}-2"`,
      });
    } else clusters.set(region.cluster, `region ${name}`);
    for (const server of other === undefined ? Object.keys(region.servers) : []) {
      const owner = servers.get(server);
      servers.set(server, name);
      if (owner === undefined) continue;
      const reason = `its server "${server}" has the name of one of region ${owner}: JetStream would take them for one`;
      problems.push({ path: `${path}.name`, reason, fix: `name: "${region.cluster}-2"` });
    }
  }
  return problems;
}

function portProblems(all: readonly Entry[]): Problem[] {
  const taken = new Map<string, { readonly server: string; readonly listener: string; readonly region: string }>();
  const problems: Problem[] = [];
  for (const [name, region] of all) {
    for (const [server, { host, ports }] of Object.entries(region.servers)) {
      // Names inside of a Kubernetes cluster can be the same in another one.
      if (isUnknown(host) || /\.svc(\.|$)/.test(host)) continue;
      for (const [listener, port] of Object.entries(ports)) {
        const address = `${host}:${port}`;
        const other = taken.get(address);
        taken.set(address, { server, listener, region: name });
        if (other === undefined || other.region === name) continue;
        problems.push({
          path: `${regionPath(name)}.target.ports.${listener}`,
          reason: `${server} would listen on ${address}, the ${other.listener} listener of ${other.server} in region ${other.region}`,
          fix: `ports: { ${listener}: ${port + 100} }`,
        });
      }
    }
  }
  return problems;
}

function tlsProblems(all: readonly Entry[]): Problem[] {
  const [first, ...rest] = all;
  if (!first) return [];
  const [firstName, { ca }] = first;
  return rest.flatMap(([name, region]): Problem[] => {
    const path = `${regionPath(name)}.tls`;
    if ((region.ca === undefined) !== (ca === undefined)) {
      const [plain, secure] = ca === undefined ? [firstName, name] : [name, firstName];
      const reason = `gateways of ${secure} speak TLS and those of ${plain} do not`;
      return [{ path, reason, fix: "tls at the supercluster itself, for all regions" }];
    }
    // Not known before the first `up`.
    if (!region.ca || !ca || sharesAuthority(region.ca, ca)) return [];
    const reason = `the regions ${firstName} and ${name} trust no certificate authority in common`;
    return [{ path, reason, fix: "the same issuer for all regions, or a `ca` with the authorities of all of them" }];
  });
}

function sharesAuthority(one: string, other: string): boolean {
  const blocks = (pem: string): string[] =>
    [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END/g)].map(([, body]) => body!.replace(/\s/g, ""));
  const known = new Set(blocks(other));
  return blocks(one).some((block) => known.has(block));
}

function domainProblems(all: readonly Entry[]): Problem[] {
  const [first, ...rest] = all.filter(([, region]) => region.jetstream);
  if (!first) return [];
  const [firstName, { domain }] = first;
  return rest.flatMap(([name, region]) => {
    if ((region.domain ?? "") === (domain ?? "")) return [];
    const say = (value = ""): string => (value === "" ? "none" : `"${value}"`);
    const reason = `JetStream domain ${say(region.domain)} beside ${say(domain)} of ${firstName}: gateways join all servers to one JetStream`;
    const fix = "the same domain for all regions; for a JetStream of its own, nats.LeafNode in place of a region";
    return [{ path: `${regionPath(name)}.jetstream.domain`, reason, fix }];
  });
}

/** One JetStream over all regions can lose any one of them only where none has half of its servers. */
function quorumProblems(all: readonly Entry[]): Problem[] {
  const sizes = all.flatMap(([name, { jetstream, servers }]) =>
    jetstream ? [{ name, size: Object.keys(servers).length }] : [],
  );
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total === 1) return [loneProblem(sizes[0]!.name)];
  const needed = Math.floor(total / 2) + 1;
  const vital = sizes.filter(({ size }) => total - size < needed);
  if (sizes.length < 2 || vital.length === 0) return [];
  const [{ name, size }] = vital as [(typeof vital)[number]];
  const reason = `without ${name} ${total - size} of ${total} servers are left, and JetStream's meta group needs ${needed}: no stream could be made or changed anywhere`;
  const fix = "three regions, none with half of the servers";
  return [{ path: "regions", reason, fix, severity: "warning" }];
}

function loneProblem(region: string): Problem {
  const reason = `one server is all of JetStream, which elects no leader before there is a second one: until then it takes no streams and no messages`;
  return { path: regionPath(region), reason, fix: "servers: 3, or a second region", severity: "warning" };
}

function regionPath(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `regions.${name}` : `regions["${name}"]`;
}

function hostOf(url: string): string {
  return new URL(url.replace(/^[a-z-]+:/, "http:")).hostname.replace(/^\[|\]$/g, "");
}
