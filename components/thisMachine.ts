import { homedir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import { number, objectOf, text, usable } from "../provider/model/argument";
import { numberedNodes } from "../provider/model/cluster";
import type { Listener } from "../provider/model/cluster";
import { defaultPorts } from "./defaultPorts";
import { deployServers } from "./deployServers";
import { portsShape } from "./hostsShape";
import { monitorAt, monitorListenProblems } from "./monitorListen";
import type { Placement, Target, TargetSettings, WantedListeners } from "./target";

/** Options of {@link thisMachine}. */
export interface ThisMachineArgs {
  /**
   * How many servers, 1 to 9; JetStream wants an odd number. Default 1.
   * A change starts further servers, or takes the last ones out of the cluster, the others keep running.
   */
  readonly servers?: number;
  /**
   * Port of the first server by listener; the next server takes the next port.
   * Default client 4222, monitor 8222, cluster 6222, gateway 7222, leafnodes 7422, websocket 8080, mqtt 1883.
   * A change restarts the servers one by one.
   */
  readonly ports?: Partial<Record<Listener, number>>;
  /** Address to listen on and to dial. Default "127.0.0.1", which nobody else can reach. A change restarts the servers one by one. */
  readonly host?: string;
  /**
   * IP address that the monitoring port listens on, which asks nobody for a password: "127.0.0.1" keeps it to this machine where `host` does
   * not. Default `host`. A change restarts the servers one by one.
   */
  readonly monitorListen?: string;
  /**
   * Folder that holds one folder a server: configuration, certificates, log, JetStream's files.
   * Default `$XDG_STATE_HOME/pulumi-nats/<project>/<stack>/<cluster>`, without that variable in `~/.local/state`: give `dir` where it is not
   * the same for everyone who runs the program. A change is a new place for the data: refused while servers exist.
   */
  readonly dir?: string;
}

/**
 * Runs a cluster's servers as processes of this machine, for laptops, demos and CI. They outlive `pulumi up` and the
 * terminal, and the next `pulumi up` finds them again. Linux and macOS.
 *
 * @example
 * ```ts
 * const cluster = new nats.Cluster("east", { target: nats.thisMachine({ servers: 3 }) });
 * ```
 */
export function thisMachine(args: ThisMachineArgs = {}): Target {
  const wrong = shape(args, "");
  const given = usable(args ?? {}, wrong);
  const problems = [...wrong, ...problemsOf(given)];
  const sound = usable(given, problems);
  return {
    problems,
    place: (cluster, wanted) => place(sound, cluster, wanted),
    deploy(name, deployment, options) {
      const dir = sound.dir ?? defaultDir(deployment.cluster);
      return deployServers(name, deployment, { kind: "this-machine", dir }, undefined, options);
    },
  };
}

const shape = objectOf<ThisMachineArgs>(
  { servers: number, ports: portsShape, host: text, monitorListen: text, dir: text },
  { aliases: { replicas: "servers" } },
);

function place(args: ThisMachineArgs, cluster: string, wanted: WantedListeners): Placement {
  const servers = args.servers ?? 1;
  const on: Record<Listener, boolean> = {
    client: true,
    monitor: true,
    cluster: servers > 1 || wanted.gateway,
    ...wanted,
  };
  const ports = Object.fromEntries(
    Object.entries({ ...defaultPorts, ...args.ports }).filter(([listener]) => on[listener as Listener]),
  );
  const nodes = numberedNodes(cluster, servers, args.host ?? "127.0.0.1", ports).map((node) => ({
    ...node,
    ...monitorAt(args.monitorListen),
  }));
  return {
    nodes,
    // nats.js compares a certificate with "localhost" whenever a URL holds an IP address.
    tlsHosts: ["localhost"],
    layout: { tlsDir: "current/tls", storeDir: "data" },
    settings,
    caFile: path.join(args.dir ?? defaultDir(cluster), nodes[0]?.name ?? "", "current/tls/ca.pem"),
  };
}

const settings: TargetSettings = {
  ports: (listener) =>
    `ports are the target's: \`nats.thisMachine({ ports: { ${listener}: ${defaultPorts[listener]} } })\``,
  address: "the address is the target's: `nats.thisMachine({ host })`",
  folder: "the folder is the target's: `nats.thisMachine({ dir })`",
};

function defaultDir(cluster: string): string {
  const state = process.env["XDG_STATE_HOME"] ?? path.join(homedir(), ".local", "state");
  return path.join(state, "pulumi-nats", pulumi.getProject(), pulumi.getStack(), cluster);
}

function* problemsOf(args: ThisMachineArgs): Generator<Problem> {
  yield* monitorListenProblems(args.monitorListen);
  const servers = args.servers ?? 1;
  const isCount = Number.isInteger(servers) && servers >= 1 && servers <= 9;
  if (!isCount) {
    yield {
      path: "servers",
      reason: `${JSON.stringify(servers)}: a whole number from 1 to 9 is wanted`,
      fix: "servers: 3",
    };
  }
  if (args.dir !== undefined && !path.isAbsolute(args.dir)) {
    const fix = `dir: "${path.resolve(args.dir.replace(/^~(?=\/|$)/, homedir()))}"`;
    yield {
      path: "dir",
      reason: `"${args.dir}" is not an absolute path: from another folder it would be another one`,
      fix,
    };
  }
  const highest = 65536 - (isCount ? servers : 1);
  for (const [listener, port] of Object.entries(args.ports ?? {})) {
    if (!Number.isInteger(port) || port < 1 || port > highest) {
      yield {
        path: `ports.${listener}`,
        reason: `port ${port}: a whole number from 1 to ${highest} is wanted`,
        fix: `${listener}: ${defaultPorts[listener as Listener]}`,
      };
    }
  }
}
