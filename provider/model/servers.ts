import type { Problem } from "../errors";
import type { HostsTargetInputs } from "./hosts";

/**
 * All servers of one cluster on one target, as the resource `nats:Servers` carries them. A node's folder on its machine:
 *
 *     <dir>/<node>/current -> generations/<n>   switched atomically; the server runs with `-c current/nats.conf` in <dir>/<node>
 *     <dir>/<node>/current/nats.conf            `config`, the same on every node; starts with include of the two below
 *     <dir>/<node>/current/node.conf            `nodes.<node>.config`: server_name, listen addresses, variables that `config` uses
 *     <dir>/<node>/current/secrets.conf         `secrets`, mode 0600: one variable a line
 *     <dir>/<node>/current/<path>               `files` (0644) and `secretFiles` (0600), such as tls/server.pem and tls/server.key
 *     <dir>/<node>/current/nats-server.service  `nodes.<node>.unit`, on hosts: installed as systemd's own when `current` is switched
 *     <dir>/<node>/data                         JetStream's store
 *
 * Paths in nats.conf are relative to <dir>/<node> ("current/tls/server.pem", "data"), so a generation can be put back by one rename.
 */
export interface ServersInputs {
  /** cluster.name, also the name of the set of servers in messages. */
  readonly cluster: string;
  /** nats-server's version, such as "2.15.2". */
  readonly version: string;
  readonly target: TargetInputs;
  /** The text that all nodes share, without any secret: `$NAME` stands for what node.conf and secrets.conf define. */
  readonly config: string;
  /** By server_name, in rollout order. */
  readonly nodes: Readonly<Record<string, NodeInputs>>;
  /** Secret values by variable name. The whole map is a Pulumi secret, member by member. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly management: ManagementInputs;
  readonly rollout: RolloutInputs;
  /** What destroy, and removal of a node, does with JetStream's files: "refuse" (default) keeps them and says so. */
  readonly onDataLoss: "refuse" | "allow";
  /** What the component found wrong with the program's arguments: check reports it beside its own findings and drops it. */
  readonly problems?: readonly Problem[];
}

export type TargetInputs = MachineTargetInputs | HostsTargetInputs;

export interface MachineTargetInputs {
  readonly kind: "this-machine";
  /** Absolute folder that holds one folder a node. */
  readonly dir: string;
}

export interface NodeInputs {
  readonly config: string;
  /** Text of the systemd unit that runs this server, on hosts. */
  readonly unit?: string;
  /** Where the rollout reaches this server, and what the program publishes: "tls://127.0.0.1:4222". */
  readonly clientUrl: string;
  /** Every port that this node listens on, by listener: client, cluster, monitor, gateway, leafnodes, websocket, mqtt. */
  readonly ports: Readonly<Record<string, number>>;
  /** What the program wants is always "running"; a refresh writes "stopped" for a dead server, which shows as drift. */
  readonly state: "running" | "stopped";
}

/** How the rollout asks servers: a user of the system account, by nkey, or where none can be, the monitoring port. */
export interface ManagementInputs {
  /** Seed (SU…) of the management user; secret. Absent where the servers know no such user. */
  readonly seed?: string;
  /** Content of a creds file in place of the seed, where an operator issues accounts and users; secret. */
  readonly creds?: string;
  /** Ask by the monitoring port, and reload by a signal. */
  readonly monitor?: boolean;
  /** PEM of the CA that signed the servers' client-side certificates; absent without TLS. */
  readonly ca?: string;
  /** Client certificate and key where the servers verify clients. */
  readonly cert?: string;
  readonly key?: string;
}

export interface RolloutInputs {
  /** Longest wait of one gate (a reload's digest, a restarted node's health), a Go duration. Default "2m". */
  readonly timeout?: string;
  /** Allow changes of class full-cluster, which restart all servers at once. Default false: refused in the preview. */
  readonly allowOutage?: boolean;
}

/** What is stored beside the inputs. */
export interface ServersState extends ServersInputs {
  readonly status: Readonly<Record<string, NodeStatus>>;
  /** What the last `up` left, where a refresh has found something else: servers that loaded nothing since still run this. */
  readonly left?: LeftInputs;
}

/** No secrets, which a state would show here. */
export interface LeftInputs extends Pick<ServersInputs, "version" | "config" | "files"> {
  /** node.conf by server_name. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** The inputs as the last `up` left them, as far as that is known. */
export function asLeft({ left, status: _status, ...found }: ServersState): ServersInputs {
  if (!left) return found;
  const nodes = Object.entries(found.nodes).map(([name, node]): [string, NodeInputs] => [
    name,
    { ...node, config: left.nodes[name] ?? node.config },
  ]);
  return { ...found, ...left, nodes: Object.fromEntries(nodes) };
}

export interface NodeStatus {
  readonly serverId?: string;
  readonly version?: string;
  /** Digest of the configuration that the server runs, as it says itself. */
  readonly digest?: string;
}
