import * as pulumi from "@pulumi/pulumi";
import type { RemoteCluster } from "../provider/model/superCluster";
import type { LinkedRegionInputs } from "../provider/resources/gatewayLinks";
import type { RegionInputs } from "../provider/resources/regions";
import type { Cluster } from "./cluster";
import type { ClusterArgs } from "./clusterArgs";
import { wantedListeners } from "./clusterSettings";
import type { RegionArgs, SuperClusterArgs } from "./superClusterArgs";
import type { Placement } from "./target";
import { urlOf } from "./urlOf";

/** A region with all its arguments, and where its servers will be. */
export interface PlacedRegion {
  /** The name that the program gives it. */
  readonly region: string;
  /** cluster.name and gateway.name. */
  readonly cluster: string;
  readonly args: Omit<RegionArgs, "name">;
  readonly placement: Placement;
}

/** Blocks of which a region may have some keys of its own. */
const merged = ["config", "jetstream", "tls", "rollout"] as const;

/** The supercluster's arguments with the region's own in their place. */
export function placeRegion(args: SuperClusterArgs, region: string): PlacedRegion {
  const { regions, join: _join, ...shared } = args;
  const { name: cluster = region, ...own } = regions[region]!;
  const blocks = merged.flatMap((key): [string, unknown][] => {
    const [common, special] = [shared[key], own[key]];
    return isPlain(common) && isPlain(special) ? [[key, { ...common, ...special }]] : [];
  });
  const all = { ...shared, ...own, ...Object.fromEntries(blocks) };
  const placement = all.target.place(cluster, wantedListeners({ ...all, gateway: {} }));
  return { region, cluster, args: all, placement };
}

/** What the other regions have to live with; each part by itself, so that one which is not known yet hides no other. */
export function regionModel({ cluster, args, placement }: PlacedRegion): RegionInputs {
  const { tls } = args;
  const jetstream = jetstreamOf(args);
  const domain = jetstream.apply(([block]) =>
    isPlain(block) && typeof block["domain"] === "string" ? block["domain"] : "",
  );
  return {
    cluster,
    servers: Object.fromEntries(placement.nodes.map(({ name, host, ports }) => [name, { host, ports }])),
    gatewayUrls: placement.nodes.flatMap(({ host, ports }) =>
      ports.gateway === undefined ? [] : [urlOf("nats", host, ports.gateway)],
    ),
    ...(tls ? { ca: tls.issuer?.cert ?? tls.ca ?? "" } : {}),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    jetstream: jetstream.apply(isOn),
    domain,
  };
}

/** How the region is asked whether it is linked to the others. */
export function linkedRegion({ args, placement }: PlacedRegion, cluster: Cluster): LinkedRegionInputs {
  const scheme = args.tls ? "tls" : "nats";
  const servers = placement.nodes.map(({ name, host, ports }): [string, pulumi.Output<string>] => [
    name,
    urlOf(scheme, host, ports.client ?? 4222),
  ]);
  return {
    servers: Object.fromEntries(servers),
    management: cluster.management,
    through: cluster.through,
    jetstream: jetstreamOf(args).apply(isOn),
  };
}

function jetstreamOf({ jetstream }: PlacedRegion["args"]): pulumi.Output<unknown[]> {
  return pulumi.output([jetstream as string | undefined]);
}

function isOn([block]: readonly unknown[]): boolean {
  return block !== undefined && block !== false && block !== "disabled";
}

/** The gateway block of a region: what the program says, the password that all regions share, and whom it dials. */
export function gatewayOf(
  own: RegionArgs["gateway"],
  login: { readonly user: pulumi.Input<string>; readonly password: pulumi.Input<string> },
  remotes: pulumi.Output<RemoteCluster[]>,
): NonNullable<ClusterArgs["gateway"]> {
  const gateways = remotes.apply((all) =>
    all.map(({ cluster, gatewayUrls }) => ({ name: cluster, urls: gatewayUrls })),
  );
  return { ...own, authorization: { ...login, timeout: "5s" }, gateways };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}
