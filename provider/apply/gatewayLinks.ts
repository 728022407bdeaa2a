import type { GatewayLinksInputs } from "../model/gatewayLinks";
import type { RegionConnections } from "./regionConnections";
import type { Gatewayz, Healthz, Jsz } from "./serverAnswers";
import type { ServerConnection } from "./serverConnection";
import { waitFor } from "./wait";

/** Waits until every server has a gateway to every other region, and one JetStream meta group has all servers in it, all current. */
export async function mustBeLinked(
  connections: RegionConnections,
  inputs: GatewayLinksInputs,
  timeout: number,
): Promise<void> {
  await waitFor("the regions are not one supercluster", { timeout, interval: 100 }, async () => {
    const lacks = await lacksOf(connections, inputs);
    return lacks.length === 0 ? { value: undefined } : { pending: lacks.slice(0, 6).join("; ") };
  });
}

async function lacksOf(connections: RegionConnections, inputs: GatewayLinksInputs): Promise<string[]> {
  const regions = Object.keys(inputs.regions);
  const lacks = (
    await Promise.all(
      regions.map((region) =>
        regionLacks(connections, inputs, region).catch((error: unknown) => [(error as Error).message]),
      ),
    )
  ).flat();
  if (lacks.length > 0) return lacks;
  return metaLacks(await connections.toAny(), inputs).catch((error: unknown) => [(error as Error).message]);
}

async function regionLacks(
  connections: RegionConnections,
  inputs: GatewayLinksInputs,
  region: string,
): Promise<string[]> {
  const servers = Object.keys(inputs.regions[region]!.servers);
  const others = [...Object.keys(inputs.regions).filter((name) => name !== region), ...inputs.joined];
  const connection = await connections.to(region);
  const limits = { expected: servers.length };
  const [gateways, health] = await Promise.all([
    connection.askAll!<Gatewayz>("GATEWAYZ", { cluster: region }, limits),
    connection.askAll!<Healthz>("HEALTHZ", { cluster: region, ...(isLone(inputs) ? serverAlone : {}) }, limits),
  ]);
  const linked = new Map(gateways.map(({ server, data }) => [server, Object.keys(data.outbound_gateways ?? {})]));
  const healthy = new Map(health.map(({ server, data }) => [server, data]));
  return servers.flatMap((server) => {
    const present = linked.get(server);
    if (!present) return [`${server} does not answer`];
    const missing = others.filter((name) => !present.includes(name));
    if (missing.length > 0) return [`${server} has no gateway to ${missing.join(", ")}`];
    const { status, error } = healthy.get(server) ?? {};
    return status === undefined || status === "ok" ? [] : [`${server} is not healthy: ${error ?? status}`];
  });
}

/** A single server can't elect a leader of JetStream's meta group: it waits for the second one, in whichever region that comes. */
function isLone(inputs: GatewayLinksInputs): boolean {
  return inputs.joined.length === 0 && membersOf(inputs).length === 1;
}

const serverAlone = { "js-server-only": true };

function membersOf({ regions }: GatewayLinksInputs): string[] {
  return Object.values(regions).flatMap(({ servers, jetstream }) => (jetstream ? Object.keys(servers) : []));
}

async function metaLacks(connection: ServerConnection, inputs: GatewayLinksInputs): Promise<string[]> {
  const members = membersOf(inputs);
  if (members.length === 0 || isLone(inputs)) return [];
  // Members of other programs answer too.
  const { meta_cluster: meta } = await connection.ask<Jsz>("JSZ");
  const expected = Math.max(members.length, meta?.cluster_size ?? 0);
  const answers = await connection.askAll!<Jsz>("JSZ", {}, { wait: 2000, expected });
  const leaders = new Set(answers.flatMap(({ data }) => data.meta_cluster?.leader ?? []));
  if (leaders.size !== 1) {
    return [
      leaders.size === 0 ? "JetStream has no meta leader" : `JetStream has the meta leaders ${[...leaders].join(", ")}`,
    ];
  }
  const [leader = ""] = leaders;
  const led = answers.find(({ server }) => server === leader)?.data.meta_cluster;
  if (!led) return [`${leader}, which leads JetStream's meta group, does not answer`];
  const current = new Set(
    (led.replicas ?? []).flatMap(({ name, current: is, offline }) => (is && !offline ? [name] : [])),
  );
  const missing = members.filter((name) => name !== leader && !current.has(name));
  return missing.length > 0 ? [`${missing.join(", ")} not current in JetStream's meta group`] : [];
}

/** Streams that have replicas on these servers, as "ORDERS of account APP". */
export async function streamsOn(connection: ServerConnection, servers: readonly string[]): Promise<string[]> {
  const options = { accounts: true, streams: true, limit: 100_000 };
  const answers = await connection.askAll!<Jsz>("JSZ", options, { wait: 2000 });
  const found = answers
    .filter(({ server }) => servers.includes(server))
    .flatMap(({ data }) => data.account_details ?? [])
    .flatMap(({ name, stream_detail: streams = [] }) => streams.map((stream) => `${stream.name} of account ${name}`));
  return [...new Set(found)].sort();
}

/** Takes servers out of JetStream's meta group, so that they count in no quorum any more. `connection` is to one that stays. */
export async function leaveMetaGroup(
  connection: ServerConnection,
  servers: readonly string[],
  timeout: number,
): Promise<void> {
  for (const server of servers) {
    await waitFor(`${server} out of JetStream's meta group`, { timeout, interval: 100 }, async () => {
      const led = await ledGroup(connection);
      if (!led) return { pending: "it has no leader" };
      if (!led.members.includes(server)) return { value: undefined };
      try {
        if (servers.includes(led.leader)) {
          const others = led.members.filter((member) => !servers.includes(member));
          const placement = { preferred: others[0] ?? "" };
          await connection.askJetStream("$JS.API.META.LEADER.STEPDOWN", { placement });
          return { pending: `${led.leader} hands the lead over` };
        }
        await connection.askJetStream("$JS.API.SERVER.REMOVE", { peer: server });
      } catch (error) {
        return { pending: (error as Error).message };
      }
      return { pending: "it is still a member" };
    });
  }
}

/** The meta group as its leader says it. */
async function ledGroup(connection: ServerConnection): Promise<{ leader: string; members: string[] } | undefined> {
  const answers = await connection.askAll!<Jsz>("JSZ", {}, { wait: 1000 });
  const led = answers.find(({ server, data }) => data.meta_cluster?.leader === server);
  if (!led) return undefined;
  const replicas = (led.data.meta_cluster?.replicas ?? []).map((replica) => replica.name);
  return { leader: led.server, members: [led.server, ...replicas] };
}
