import type { Gatewayz } from "../serverAnswers";
import type { ServerConnection } from "../serverConnection";
import type { Expected } from "./gate";

/** Clusters that a server has a gateway connection to. */
export async function linkedClusters(connection: ServerConnection): Promise<string[]> {
  const { outbound_gateways: outbound } = await connection.ask<Gatewayz>("GATEWAYZ");
  return Object.keys(outbound ?? {});
}

/**
 * Gateways that servers lack: those that they must have, and for a server that was restarted those that its peers have, since all
 * servers of a cluster know the same other clusters.
 */
export function gatewayLacks(servers: readonly Expected[], linked: ReadonlyMap<string, readonly string[]>): string[] {
  const known = new Set([...linked.values()].flat());
  return servers.flatMap((server) => {
    const present = linked.get(server.node);
    if (present === undefined) return [];
    const wanted = new Set([...(server.gateways ?? []), ...(server.linkedAsPeers ? known : [])]);
    const missing = [...wanted].filter((name) => !present.includes(name));
    return missing.length > 0 ? [`${server.node} has no gateway to ${missing.join(", ")}`] : [];
  });
}
