import * as pulumi from "@pulumi/pulumi";
import { joinPath } from "../provider/conf/path";
import { ProblemsError } from "../provider/errors";
import type { Problem } from "../provider/errors";
import type { RemoteCluster } from "../provider/model/superCluster";
import type { AccountServers } from "../provider/model/jwt/accountServers";
import { joinThrough } from "../provider/model/through";
import type { Through } from "../provider/model/through";
import { GatewayLinks } from "../provider/resources/gatewayLinks";
import { Password } from "../provider/resources/password";
import { Regions } from "../provider/resources/regions";
import { Cluster } from "./cluster";
import type { ClusterOperator } from "./clusterOperator";
import type { GatewayRecord, SuperClusterArgs } from "./superClusterArgs";
import { gatewayOf, linkedRegion, placeRegion, regionModel } from "./superClusterRegions";
import type { PlacedRegion } from "./superClusterRegions";
import { gatewayRecordProblems, superClusterShapeProblems } from "./superClusterShape";
import { targetProblems } from "./target";

const gatewayUser = "gateway";

/**
 * Clusters in several regions, on any targets, joined by gateways into one NATS: a message published in one region reaches
 * subscribers in all of them, accounts are the same everywhere, and one JetStream spans them, with each stream in the region that
 * its placement names. Gateways speak TLS and know each other by a generated password. Regions start, and change, one after the
 * other, each as safely as a {@link Cluster} does; what doesn't fit together is said for all of them at once, before any is touched.
 *
 * @example
 * ```ts
 * const ca = new nats.CertificateAuthority("ca");
 * const world = new nats.SuperCluster("world", {
 *     tls: { issuer: ca },
 *     jetstream: { maxFileStore: "10GiB" },
 *     accounts: { APP: { jetstream: true, users: [{ user: "app", password }] } },
 *     regions: {
 *         "us-east": { target: nats.hosts([{ address: "10.0.1.11" }, { address: "10.0.1.12" }, { address: "10.0.1.13" }]) },
 *         "eu-west": { target: nats.kubernetes({ namespace: "nats", gateway: { type: "LoadBalancer" } }) },
 *     },
 * });
 * const login = { user: "app", password, tls: { ca: ca.cert } };
 * const provider = new nats.Provider("app", { servers: world.region("eu-west").urls, through: world, ...login });
 * new nats.Stream("ORDERS", { subjects: ["orders.>"], replicas: 3, placement: { cluster: "eu-west" } }, { provider });
 * ```
 */
export class SuperCluster<Region extends string = string> extends pulumi.ComponentResource {
  /** Where clients connect, by region; there once the regions are one supercluster. */
  readonly urls: pulumi.Output<Readonly<Record<string, string[]>>>;
  /** Where leaf nodes dial, in all regions; empty without `leafnodes`. For `new nats.LeafNode("…", { hub: world })`. */
  readonly leafnodeUrls: pulumi.Output<string[]>;
  /** PEM of the CA that clients must trust, as the first region has it; "" without TLS. */
  readonly caCertificate: pulumi.Output<string>;
  /**
   * How this machine reaches servers that it can't dial; a secret; there once the regions are one supercluster, on any targets. For
   * `nats.Provider({ through: world })`: what that provider makes comes when all regions are linked.
   */
  readonly through: pulumi.Output<Through | undefined>;
  /**
   * What another program needs to join its regions to these ones; a secret. Export it there, and give it to `join` here.
   * Both programs must have the same system account and certificates that trust each other, such as of one authority.
   */
  readonly gateway: pulumi.Output<GatewayRecord>;
  /** Who issues accounts and users of all regions; undefined where they stand in the configuration. */
  readonly operator: ClusterOperator | undefined;
  /** How accounts get onto the servers of all regions; a secret. For `new nats.Account("…", { cluster: world })`. */
  readonly accountServers: pulumi.Output<readonly AccountServers[]>;
  /** The resource that is there once all regions are linked, to depend on; what goes `through: world` does already. */
  readonly links: pulumi.Resource;

  readonly #clusters = new Map<string, Cluster>();

  constructor(name: string, args: SuperClusterArgs<Region>, options?: pulumi.ComponentResourceOptions) {
    super("nats:index:SuperCluster", name, {}, options);
    const problems = [...superClusterShapeProblems(args), ...regionTargetProblems(args?.regions)];
    if (problems.length > 0) throw new ProblemsError(`nats.SuperCluster ${JSON.stringify(name)}`, problems);
    const join = args.join === undefined ? undefined : pulumi.output<GatewayRecord>(args.join).apply(refuseRecord);
    const password = join?.apply((one) => one.password) ?? new Password(`${name}-gateway`, {}, { parent: this }).result;
    const login = { user: join?.apply((one) => one.user) ?? gatewayUser, password: pulumi.secret(password) };
    const joined = join ? pulumi.unsecret(join).apply(remotesOf) : pulumi.output<RemoteCluster[]>([]);
    const placed = Object.keys(args.regions).map((region) => placeRegion(args, region));

    const regions = new Regions(
      `${name}-regions`,
      { order: placed.map(({ region }) => region), regions: byName(placed, regionModel), joined },
      { parent: this },
    );

    let remotes = joined;
    let before: pulumi.Resource = regions;
    for (const { region, cluster: clusterName, args: own } of placed) {
      const cluster = new Cluster(
        `${name}-${region}`,
        { ...own, name: clusterName, gateway: gatewayOf(own.gateway, login, remotes) },
        { parent: this, dependsOn: inTurn(before), aliases: [{ name: region, parent: pulumi.rootStackResource }] },
      );
      this.#clusters.set(region, cluster);
      remotes = withCluster(remotes, cluster);
      before = cluster;
    }

    const clusters = [...this.#clusters.values()];
    this.leafnodeUrls = pulumi.all(clusters.map((cluster) => cluster.leafnodeUrls)).apply((all) => all.flat());
    this.caCertificate = clusters[0]?.caCertificate ?? pulumi.output("");
    const links = new GatewayLinks(
      `${name}-links`,
      {
        regions: byName(placed, (one) => linkedRegion(one, this.region(one.region as Region)), "cluster"),
        joined: joined.apply((all) => all.map((one) => one.cluster)),
        ...(args.rollout?.timeout === undefined ? {} : { timeout: args.rollout.timeout }),
        ...(args.onDataLoss === undefined ? {} : { onDataLoss: args.onDataLoss }),
        urls: byName(placed, ({ region }) => this.region(region as Region).urls),
      },
      { parent: this, dependsOn: clusters.map((cluster) => cluster.servers) },
    );
    this.links = links;
    const ways = pulumi.all(clusters.map((cluster) => cluster.through)).apply(joinThrough);
    // By the name of the links, which a preview knows too, whoever goes this way comes after them and goes before them.
    this.through = pulumi.secret(pulumi.all([ways, links.urn]).apply(([way]) => way));
    this.operator = args.operator;
    this.accountServers = pulumi.secret(
      pulumi
        .all(clusters.map((cluster) => cluster.accountServers as pulumi.Output<AccountServers[]>))
        .apply((all) => all.flat() as AccountServers[]),
    );
    this.urls = links.urls;
    this.gateway = pulumi.secret(
      pulumi.all([remotes, login.user, login.password]).apply(([all, user, secret]) => ({
        clusters: Object.fromEntries(all.map(({ cluster, gatewayUrls }) => [cluster, gatewayUrls])),
        user,
        password: secret,
      })),
    );
    this.registerOutputs({ urls: this.urls });
  }

  /**
   * The cluster of one region. Its `urls` and `through` are there once that region serves; `world.urls` and `through: world` once all
   * of them are linked, which is when JetStream takes streams for any of them.
   */
  region(name: Region): Cluster {
    const cluster = this.#clusters.get(name);
    if (!cluster) {
      const known = [...this.#clusters.keys()].map((one) => JSON.stringify(one)).join(", ");
      throw new pulumi.RunError(`there is no region ${JSON.stringify(name)}; there are ${known}`);
    }
    return cluster;
  }
}

/** Another stack's output may be missing, or another one than was meant. */
function refuseRecord(join: GatewayRecord): GatewayRecord {
  const problems = gatewayRecordProblems(join);
  if (problems.length > 0) throw new ProblemsError("nats.SuperCluster", problems);
  return join;
}

function regionTargetProblems(regions: unknown): Problem[] {
  return Object.entries(regions ?? {}).flatMap(([region, own]) =>
    targetProblems(
      (own as { readonly target?: unknown } | undefined)?.target,
      joinPath(joinPath("regions", region), "target"),
    ),
  );
}

/**
 * Regions change one after the other: each joins those before it, and two that restart at once could cost JetStream its quorum.
 * A preview looks at all of them at the same time, and finds everything that is wrong.
 */
function inTurn(before: pulumi.Resource): pulumi.Resource[] {
  return pulumi.runtime.isDryRun() ? [] : [before];
}

function remotesOf({ clusters }: GatewayRecord): RemoteCluster[] {
  return Object.entries(clusters).map(([cluster, gatewayUrls]) => ({ cluster, gatewayUrls }));
}

function withCluster(remotes: pulumi.Output<RemoteCluster[]>, cluster: Cluster): pulumi.Output<RemoteCluster[]> {
  return pulumi
    .all([remotes, cluster.gatewayUrls])
    .apply(([known, gatewayUrls]) => [...known, { cluster: cluster.clusterName, gatewayUrls }]);
}

/** Something of each region, by the region's or the cluster's name. */
function byName<Part>(
  placed: readonly PlacedRegion[],
  part: (one: PlacedRegion) => Part,
  key: "region" | "cluster" = "region",
): Record<string, Part> {
  return Object.fromEntries(placed.map((one) => [one[key], part(one)]));
}
