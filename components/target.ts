import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { LayoutModel, Listener, NodeModel } from "../provider/model/cluster";
import type { ManagementInputs } from "../provider/model/servers";
import type { Through } from "../provider/model/through";
import type { ClusterRolloutArgs } from "./clusterArgs";

/** Where a cluster's servers run. Made by `nats.thisMachine(…)`, `nats.hosts(…)` or `nats.kubernetes(…)`. */
export interface Target {
  /** Places a cluster of that name: its nodes with addresses and ports, and where files lie. Creates nothing. */
  place(cluster: string, wanted: WantedListeners): Placement;
  /** Creates what runs the servers as the cluster has rendered them, as children of `options.parent`. */
  deploy(name: string, deployment: Deployment, options: pulumi.CustomResourceOptions): Deployed;
  /** What is wrong with its own arguments. With any it places what it can, for what else is to be told, and deploys nothing. */
  readonly problems?: readonly Problem[];
}

/** What is wrong with the arguments of what was given as a target, at its place among others. */
export function targetProblems(target: unknown, path = "target"): Problem[] {
  const { problems = [] } = (target ?? {}) as { readonly problems?: readonly Problem[] };
  return Array.isArray(problems)
    ? (problems as Problem[]).map((one) => ({ ...one, path: one.path === "" ? path : `${path}.${one.path}` }))
    : [];
}

/** Listeners beside the client's, the monitor's and the routes' that the configuration asks for. */
export interface WantedListeners {
  readonly gateway: boolean;
  readonly leafnodes: boolean;
  readonly websocket: boolean;
  readonly mqtt: boolean;
}

/** A server and its place: name and ports are known at once, addresses maybe only when its machine is made. */
export interface PlacedNode extends Omit<NodeModel, Addresses> {
  readonly host: pulumi.Input<string>;
  readonly listen?: pulumi.Input<string>;
  readonly monitorListen?: pulumi.Input<string>;
  /** Address by which its monitoring port is dialled. Default `host`. */
  readonly monitorHost?: string;
  readonly routeHost?: pulumi.Input<string>;
}

type Addresses = "host" | "listen" | "monitorListen" | "routeHost";

export interface Placement {
  readonly nodes: readonly PlacedNode[];
  readonly layout: LayoutModel;
  /** Further names and addresses that the servers' certificate must hold, such as a Service's. */
  readonly tlsHosts?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Path of the CA's certificate on the machine where `pulumi` runs, where the servers' own file is on it. */
  readonly caFile?: string;
  readonly settings: TargetSettings;
}

/** Where the program sets what nats.conf can't, as one would type it. */
export interface TargetSettings {
  /** Port of a listener. */
  readonly ports: (listener: Listener) => string;
  /** Address to listen on. */
  readonly address: string;
  /** Folder of JetStream's files. */
  readonly folder: string;
}

/** A cluster, rendered: what every target makes its servers from. */
export interface Deployment {
  /** cluster.name. */
  readonly cluster: string;
  /** nats-server's version. */
  readonly version: string;
  readonly placement: Placement;
  readonly hasTls: boolean;
  /** nats.conf, the same for all servers and without any secret. */
  readonly config: pulumi.Output<string>;
  /** node.conf by server_name. */
  readonly nodes: Readonly<Record<string, pulumi.Output<string>>>;
  /** secrets.conf's variables; secret. */
  readonly secrets: pulumi.Output<Readonly<Record<string, string>>>;
  /** Texts by path beside nats.conf that everybody may read. */
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  /** The same for what only the server may read. */
  readonly secretFiles: Readonly<Record<string, pulumi.Input<string>>>;
  readonly management: pulumi.Output<{
    readonly [Key in keyof ManagementInputs]: pulumi.Input<ManagementInputs[Key]>;
  }>;
  readonly rollout: ClusterRolloutArgs;
  readonly onDataLoss: "refuse" | "allow";
  readonly problems: pulumi.Output<Problem[]>;
}

/** What came of it. The URLs derive from inputs where they can, so that previews know them. */
export interface Deployed {
  /** Is there once all servers serve what was wanted. */
  readonly servers: pulumi.Resource;
  /** Where clients connect, one URL a server; there once the servers serve. */
  readonly urls: pulumi.Output<string[]>;
  /** Where the servers answer monitoring requests over HTTP, by server, without http_base_path. */
  readonly monitorUrls: pulumi.Output<string[]>;
  /** Where gateways of other clusters dial, known before any server runs; empty without a gateway. */
  readonly gatewayUrls: pulumi.Output<string[]>;
  /** Where leaf nodes dial, known before any server runs; empty without the listener. */
  readonly leafnodeUrls: pulumi.Output<string[]>;
  /** How this machine reaches the servers where it can't by itself; a secret. Undefined where it can. */
  readonly through: pulumi.Output<Through | undefined>;
}
