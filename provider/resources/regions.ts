import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { RemoteCluster, RegionModel, RegionServer } from "../model/superCluster";
import { NatsResource } from "./natsResource";

/** Arguments of {@link Regions}. */
export interface RegionsArgs {
  /** Names of the regions in the order in which they join. A new one comes last. */
  readonly order: pulumi.Input<readonly string[]>;
  /** Regions by name. */
  readonly regions: Readonly<Record<string, pulumi.Input<RegionInputs>>>;
  /** Clusters of other programs that the regions join. */
  readonly joined?: pulumi.Input<readonly RemoteCluster[]>;
  /** What was found wrong before; reported with all else that is. */
  readonly problems?: pulumi.Input<readonly Problem[]>;
}

/** One region, of which any part may be known only later. */
export type RegionInputs = {
  readonly [Key in keyof Omit<RegionModel, "servers" | "gatewayUrls">]: pulumi.Input<RegionModel[Key]>;
} & {
  readonly servers: pulumi.Input<
    Readonly<Record<string, { readonly [Key in keyof RegionServer]: pulumi.Input<RegionServer[Key]> }>>
  >;
  readonly gatewayUrls: pulumi.Input<readonly pulumi.Input<string>[]>;
};

/**
 * The regions of a supercluster as one: their names, addresses, ports and certificates are held against each other before any of
 * them is touched. {@link SuperCluster} makes one; it has no use of its own.
 *
 * @example
 * ```ts
 * const gatewayUrls = ["nats://10.0.1.11:7222"];
 * const servers = { "us-east-1": { host: "10.0.1.11", ports: { client: 4222, gateway: 7222 } } };
 * new nats.Regions("world", {
 *     order: ["us-east"],
 *     regions: { "us-east": { cluster: "us-east", servers, gatewayUrls, jetstream: true } },
 * });
 * ```
 */
export class Regions extends NatsResource {
  /** Names of the regions in the order in which they joined. */
  declare readonly order: pulumi.Output<readonly string[]>;

  constructor(name: string, args: RegionsArgs, options?: pulumi.CustomResourceOptions) {
    super("Regions", name, { ...args }, [], options);
  }
}
