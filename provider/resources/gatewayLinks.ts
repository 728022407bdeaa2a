import type * as pulumi from "@pulumi/pulumi";
import type { LinkedRegion } from "../model/gatewayLinks";
import { NatsResource } from "./natsResource";

/** Arguments of {@link GatewayLinks}; the names are those of the stored inputs. */
export interface GatewayLinksArgs {
  /** Regions by cluster.name, with the URL of each server and how it is asked. */
  readonly regions: Readonly<Record<string, pulumi.Input<LinkedRegionInputs>>>;
  /** Clusters of other programs that the regions must have gateways to. */
  readonly joined: pulumi.Input<readonly string[]>;
  /** Longest wait, a Go duration. Default "2m". */
  readonly timeout?: pulumi.Input<string>;
  /** Whether a region may leave while streams have replicas there. Default "refuse". */
  readonly onDataLoss?: pulumi.Input<"refuse" | "allow">;
  /** What is there once the regions are one supercluster: client URLs by region. */
  readonly urls: pulumi.Input<Readonly<Record<string, pulumi.Input<readonly string[]>>>>;
}

/** One region, of which any part may be known only later. */
export type LinkedRegionInputs = {
  readonly [Key in keyof Omit<LinkedRegion, "servers">]: pulumi.Input<LinkedRegion[Key]>;
} & { readonly servers: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>> };

/**
 * The links between the regions of a supercluster: it is there once every server has a gateway to every other region and one
 * JetStream has all servers in it. A region that goes is taken out of JetStream's meta group by it, before its servers stop.
 * {@link SuperCluster} makes one; it has no use of its own.
 *
 * @example
 * ```ts
 * new nats.GatewayLinks("world", {
 *     regions: { "us-east": { servers: { "us-east-1": "tls://10.0.1.11:4222" }, management: { seed }, jetstream: true } },
 *     joined: ["eu-west"],
 *     urls: { "us-east": cluster.urls },
 * });
 * ```
 */
export class GatewayLinks extends NatsResource {
  /** Client URLs by region. */
  declare readonly urls: pulumi.Output<Readonly<Record<string, string[]>>>;

  constructor(name: string, args: GatewayLinksArgs, options?: pulumi.CustomResourceOptions) {
    super("GatewayLinks", name, { onDataLoss: "refuse", ...args }, [], options);
  }
}
