import type * as pulumi from "@pulumi/pulumi";
import { ProblemsError } from "../provider/errors";
import { Cluster } from "./cluster";
import type { ClusterArgs } from "./clusterArgs";
import type { LeafNodeArgs } from "./leafNodeArgs";
import { leafLinks } from "./leafNodeLinks";
import { leafNodeShapeProblems } from "./leafNodeShape";
import type { LeafLink } from "./leafNodeLinks";
import { targetProblems } from "./target";

/**
 * A cluster, or a lone server, that is a leaf of a hub: its clients and streams stay its own, and an account of it is joined with the
 * one of a user at the hub. It goes on serving while the hub is away. Where a link is new or changed, `pulumi up` is done when the
 * hub has let it in, and fails with what the server says where it does not.
 *
 * It is a {@link Cluster} in all else, so that a cluster becomes a leaf node, and the other way round, without a new server. A
 * JetStream of its own gets the cluster's name as its domain where none is given, so that the hub's and its own are told apart.
 *
 * @example
 * ```ts
 * const hub = new nats.Cluster("hub", { target: nats.thisMachine({ servers: 3 }), accounts, leafnodes: {} });
 * const edge = new nats.LeafNode("edge", {
 *     target: nats.hosts([{ address: "10.1.0.5" }]),
 *     hub, user: "edge", password: config.requireSecret("edgePassword"), account: "APP",
 *     accounts: { APP: { jetstream: true, users: [{ user: "sensor", password: sensorPassword }] } },
 *     jetstream: { maxFileStore: "10GiB" },
 *     denyExports: ["local.>"],
 * });
 * ```
 */
export class LeafNode extends Cluster {
  constructor(name: string, args: LeafNodeArgs, options?: pulumi.ComponentResourceOptions) {
    super(name, clusterArgs(name, args), options);
  }
}

function clusterArgs(name: string, args: LeafNodeArgs): ClusterArgs {
  const problems = [...leafNodeShapeProblems(args), ...targetProblems(args?.target)];
  if (problems.length > 0) throw new ProblemsError(`nats.LeafNode ${JSON.stringify(name)}`, problems);
  const links = leafLinks(args);
  const {
    hub: _hub,
    links: _links,
    account: _account,
    user: _user,
    password: _password,
    creds: _creds,
    ...rest
  } = args;
  const { denyImports: _imports, denyExports: _exports, ...cluster } = rest;
  const own = cluster.leafnodes as { readonly remotes?: readonly object[] } | undefined;
  const remotes = [...links.map((link) => link.remote), ...(own?.remotes ?? [])];
  return {
    ...cluster,
    leafnodes: { ...own, remotes },
    ...(cluster.jetstream === undefined ? {} : { jetstream: withDomain(cluster.jetstream, cluster.name ?? name) }),
    files: { ...cluster.files, ...allFiles(links.map((link) => link.files)) },
    secretFiles: { ...cluster.secretFiles, ...allFiles(links.map((link) => link.secretFiles)) },
  };
}

function allFiles(parts: readonly LeafLink["files"][]): LeafLink["files"] {
  return Object.fromEntries(parts.flatMap((files) => Object.entries(files)));
}

function withDomain(jetstream: NonNullable<ClusterArgs["jetstream"]>, domain: string): typeof jetstream {
  const block: object | undefined = typeof jetstream === "object" ? (jetstream ?? undefined) : undefined;
  const isPlain = block !== undefined && Object.getPrototypeOf(block) === Object.prototype;
  return isPlain ? { domain, ...block } : jetstream;
}
