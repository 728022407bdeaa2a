import type { ConfMap } from "../conf/value";

/** Listeners of a server, as nats.conf names their blocks; `client` and `monitor` stand at the top level there. */
export const listeners = ["client", "monitor", "cluster", "gateway", "leafnodes", "websocket", "mqtt"] as const;
export type Listener = (typeof listeners)[number];

/** One server of a cluster. */
export interface NodeModel {
  /** server_name. */
  readonly name: string;
  /** Address that clients and peers dial. */
  readonly host: string;
  /** Address that it listens on. Default `host`. Where it is another one, the server tells everyone to dial `host`. */
  readonly listen?: string;
  /** Address that its monitoring port listens on. Default as `listen`. */
  readonly monitorListen?: string;
  /** Address by which peers of the same cluster dial it. Default `host`. */
  readonly routeHost?: string;
  readonly ports: Readonly<Partial<Record<Listener, number>>>;
}

/** Where files lie, as nats.conf spells it. */
export interface LayoutModel {
  /** Folder of certificates: "current/tls". */
  readonly tlsDir: string;
  /** jetstream.store_dir: "data". */
  readonly storeDir: string;
}

/** A user with its password, which goes into URLs. */
export interface Login {
  readonly user: string;
  readonly password?: string;
}

/** A cluster after defaults, before any text. */
export interface ClusterModel {
  readonly name: string;
  readonly nodes: readonly NodeModel[];
  readonly layout: LayoutModel;
  /** What the user wrote, in canonical keys; the cluster's own keys are not in it. */
  readonly settings: ConfMap;
  readonly tls: { readonly verify: boolean } | undefined;
  /** As whom the hubs of leaf nodes are dialled, in the order of `leafnodes.remotes`. Default nobody. */
  readonly leafLogins?: readonly (Login | undefined)[];
  /** Values that the program marked as secret. */
  readonly secrets: readonly string[];
}

/** Names `<cluster>-1` to `<cluster>-n`, each with its ports counted up from the first server's. */
export function numberedNodes(
  cluster: string,
  count: number,
  host: string,
  firstPorts: Readonly<Partial<Record<Listener, number>>>,
): NodeModel[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${cluster}-${index + 1}`,
    host,
    ports: Object.fromEntries(Object.entries(firstPorts).map(([listener, port]) => [listener, port + index])),
  }));
}

/** True of what stands for all addresses of a machine, where one listens. */
export function isAnyAddress(host: string): boolean {
  return ["", "0.0.0.0", "::", "[::]"].includes(host);
}
