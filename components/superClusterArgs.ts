import type * as pulumi from "@pulumi/pulumi";
import type { GatewayBlock } from "../provider/model/config/gatewayConfig";
import type { ClusterArgs } from "./clusterArgs";
import type { Inputs } from "./inputs";

/** Arguments of {@link SuperCluster}: those of a {@link Cluster} for all regions, and what differs in each. */
export interface SuperClusterArgs<Region extends string = string> extends Omit<
  ClusterArgs,
  "target" | "name" | "gateway"
> {
  /**
   * Regions by name, in the order in which they join: each one's gateways dial those before it, and learn of those after it from
   * them. So a new region comes last, and those that run are not touched by it; another order of those that run is refused.
   * Taking one out takes its servers out of JetStream's meta group, which is refused while streams live there.
   */
  readonly regions: { readonly [Name in Region]: RegionArgs };
  /**
   * Clusters of another program that the regions join: what its `world.gateway` gave, by way of a StackReference:
   * `join: other.requireOutput("gateway")`. Default none. That program need not know of this one.
   */
  readonly join?: pulumi.Input<GatewayRecord>;
}

/**
 * One region: where it runs, and any argument of a {@link Cluster} that is other than the supercluster's. `config`, `jetstream`,
 * `tls` and `rollout` are merged key by key, all else takes the place of the supercluster's.
 */
export interface RegionArgs extends Partial<Omit<ClusterArgs, "target" | "operator" | "gateway">> {
  /** Where the region's servers run; regions may be on different kinds of targets. */
  readonly target: ClusterArgs["target"];
  /** cluster.name and gateway.name. Default the region's name. */
  readonly name?: string;
  /** Further settings of its gateways. A change restarts the region's servers one by one. */
  readonly gateway?: { readonly [Key in Exclude<keyof GatewayBlock, OwnGatewayKeys>]?: Inputs<GatewayBlock[Key]> };
}

/** What the supercluster sets itself; a cluster that rejects unknown ones would reject regions that join later. */
export type OwnGatewayKeys =
  "name" | "host" | "port" | "listen" | "gateways" | "authorization" | "rejectUnknownCluster";

/** What another program needs to join: see {@link SuperCluster.gateway}. */
export interface GatewayRecord {
  /** Gateway URLs by cluster.name. */
  readonly clusters: Readonly<Record<string, readonly string[]>>;
  /** User by which gateways of the supercluster know each other. */
  readonly user: string;
  /** Its password. */
  readonly password: string;
}
