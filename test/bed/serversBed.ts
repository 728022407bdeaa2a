import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalMachine } from "../../provider/apply/machine/localMachine";
import { stopServer } from "../../provider/apply/rollout/stopServer";
import type { CallContext } from "../../provider/host/handler";
import type { NodeInputs, ServersInputs } from "../../provider/model/servers";
import { freePorts } from "./freePorts";

export interface WantedServers {
  readonly cluster?: string;
  readonly count?: number;
  readonly version?: string;
  /** Lines at the top level of nats.conf. */
  readonly extra?: string;
  /** Lines inside `cluster {}`. */
  readonly clusterExtra?: string;
  /** Inside `routes`, in front of the address: `user:password@`. */
  readonly routeCredentials?: string;
  readonly jetstream?: boolean;
  readonly timeout?: string;
}

/** A folder and free ports for the servers of one cluster, and the inputs that a program would give for them. */
export class ServersBed {
  readonly dir: string;
  readonly machine: LocalMachine;
  readonly infos: string[] = [];
  readonly #seed: string;
  readonly #publicKey: string;
  readonly #ports: readonly number[];

  private constructor(dir: string, seed: string, publicKey: string, ports: readonly number[]) {
    this.dir = dir;
    this.machine = new LocalMachine(dir);
    this.#seed = seed;
    this.#publicKey = publicKey;
    this.#ports = ports;
  }

  static async make(): Promise<ServersBed> {
    const { createUser } = await import("@nats-io/nkeys");
    const user = createUser();
    const dir = path.join(mkdtempSync(path.join(tmpdir(), "pulumi-nats-servers-")), "east");
    const seed = new TextDecoder().decode(user.getSeed());
    return new ServersBed(dir, seed, user.getPublicKey(), await freePorts(30));
  }

  get context(): CallContext {
    return {
      config: new Map(),
      urn: `urn:pulumi:test::test::pulumi-nodejs:dynamic/nats:Servers::${this.dir}`,
      timeout: undefined,
      warn: async (message) => void this.infos.push(message),
      info: async (message) => void this.infos.push(message),
    };
  }

  inputs(wanted: WantedServers = {}): ServersInputs {
    const { cluster = "east", count = 3, version = "2.15.2", jetstream = true } = wanted;
    const names = Array.from({ length: count }, (_, index) => `${cluster}-${index + 1}`);
    const routes = names.map(
      (_, index) => `nats-route://${wanted.routeCredentials ?? ""}127.0.0.1:${this.port(index, "cluster")}`,
    );
    const variables = names.map((name) => `ROUTE_${name.replace("-", "_").toUpperCase()}`);
    const clusterBlock = `cluster {
  name: ${cluster}
  listen: $CLUSTER_LISTEN
  routes: [ ${variables.map((variable) => `$${variable}`).join(", ")} ]
  ${wanted.clusterExtra ?? ""}
}`;
    const config = `include "node.conf"
include "secrets.conf"
listen: $CLIENT_LISTEN
lame_duck_duration: "30s"
lame_duck_grace_period: "300ms"
${jetstream ? `jetstream { store_dir: "data", max_mem: 64MB, max_file: 256MB }` : ""}
${count === 1 ? "" : clusterBlock}
system_account: "$SYS"
accounts {
  "$SYS" { users: [ { nkey: $MANAGEMENT_NKEY } ] }
  APP { ${jetstream ? "jetstream: enabled," : ""} users: [ { user: app, password: $APP_PASSWORD } ] }
}
${wanted.extra ?? ""}
`;
    return {
      cluster,
      version,
      target: { kind: "this-machine", dir: this.dir },
      config,
      nodes: Object.fromEntries(names.map((name, index) => [name, this.#node(name, index, count > 1)])),
      secrets: {
        MANAGEMENT_NKEY: this.#publicKey,
        APP_PASSWORD: "app-password-7",
        ...(count === 1 ? {} : Object.fromEntries(variables.map((variable, index) => [variable, routes[index]!]))),
      },
      files: {},
      secretFiles: {},
      management: { seed: this.#seed },
      rollout: { timeout: wanted.timeout ?? "90s" },
      onDataLoss: "refuse",
    };
  }

  port(index: number, listener: "client" | "cluster"): number {
    return this.#ports[index * 2 + (listener === "client" ? 0 : 1)]!;
  }

  async pids(count = 3, cluster = "east"): Promise<number[]> {
    const names = Array.from({ length: count }, (_, index) => `${cluster}-${index + 1}`);
    return (await Promise.all(names.map((name) => this.machine.processes(name)))).map((found) => found[0]?.pid ?? 0);
  }

  async dispose(): Promise<void> {
    for (const node of await this.machine.nodes()) {
      for (const server of await this.machine.processes(node)) await this.machine.signal(node, server, "SIGKILL");
      await stopServer(this.machine, node);
    }
    rmSync(path.dirname(this.dir), { recursive: true, force: true });
  }

  #node(name: string, index: number, clustered: boolean): NodeInputs {
    const ports = { client: this.port(index, "client"), cluster: this.port(index, "cluster") };
    return {
      config: `server_name: "${name}"\nCLIENT_LISTEN: "127.0.0.1:${ports.client}"\n${clustered ? `CLUSTER_LISTEN: "127.0.0.1:${ports.cluster}"\n` : ""}`,
      clientUrl: `nats://127.0.0.1:${ports.client}`,
      ports,
      state: "running",
    };
  }
}
