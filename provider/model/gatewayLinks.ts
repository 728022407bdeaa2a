import type { ManagementInputs } from "./servers";
import type { Through } from "./through";

/** Regions that run, and how each of them is asked. */
export interface GatewayLinksInputs {
  /** By cluster.name. */
  readonly regions: Readonly<Record<string, LinkedRegion>>;
  /** Clusters of other programs that the regions must have gateways to. */
  readonly joined: readonly string[];
  /** Longest wait for all gateways and for JetStream's meta group, a Go duration. Default "2m". */
  readonly timeout?: string;
  /** Whether a region may leave while streams have replicas only there. Default "refuse". */
  readonly onDataLoss: "refuse" | "allow";
}

export interface LinkedRegion {
  /** URL by server_name. */
  readonly servers: Readonly<Record<string, string>>;
  readonly management: ManagementInputs;
  readonly through?: Through | undefined;
  /** Its servers run JetStream. */
  readonly jetstream: boolean;
}

/** Regions that are no longer among the wanted ones, with their servers. */
export function leavingRegions(
  olds: GatewayLinksInputs,
  news: GatewayLinksInputs,
): ReadonlyMap<string, readonly string[]> {
  const gone = Object.entries(olds.regions).filter(([name]) => news.regions[name] === undefined);
  return new Map(gone.map(([name, { servers }]) => [name, Object.keys(servers)]));
}
