import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Cluster } from "../../components/cluster";
import type { Target } from "../../components/target";
import { thisMachine } from "../../components/thisMachine";
import { LocalMachine } from "../../provider/apply/machine/localMachine";
import { stopServer } from "../../provider/apply/rollout/stopServer";
import type { Listener } from "../../provider/model/cluster";
import { freePortRange } from "./freePorts";

/** Folder and ports for the clusters of one test, all on this machine; ends what is still there. */
export class ClusterBed {
  readonly root = mkdtempSync(path.join(tmpdir(), "pulumi-nats-cluster-"));
  readonly #ports = new Map<string, number>();

  /** A target for a cluster of that name, the same at every call but for the count of servers; on another address than loopback's. */
  async target(name: string, servers: number, host?: string): Promise<Target> {
    const listeners = ["client", "monitor", "cluster", "gateway", "leafnodes", "websocket", "mqtt"] as const;
    for (const listener of listeners) {
      const key = `${name} ${listener}`;
      if (!this.#ports.has(key)) this.#ports.set(key, await freePortRange(8));
    }
    const ports = Object.fromEntries(listeners.map((listener) => [listener, this.port(name, listener)]));
    return thisMachine({ servers, dir: this.dir(name), ports, ...(host === undefined ? {} : { host }) });
  }

  /** Clusters that had a target. */
  names(): string[] {
    return [...new Set([...this.#ports.keys()].map((key) => key.split(" ")[0]!))];
  }

  dir(name: string): string {
    return path.join(this.root, name);
  }

  port(name: string, listener: Listener, index = 0): number {
    return this.#ports.get(`${name} ${listener}`)! + index;
  }

  machine(name: string): LocalMachine {
    return new LocalMachine(this.dir(name));
  }

  /** Process ids by server_name. */
  async pids(name: string): Promise<Record<string, number>> {
    const machine = this.machine(name);
    const nodes = (await machine.nodes()).sort();
    const found = await Promise.all(nodes.map(async (node) => [node, await machine.processes(node)] as const));
    return Object.fromEntries(found.flatMap(([node, [server]]) => (server ? [[node, server.pid]] : [])));
  }

  async dispose(): Promise<void> {
    for (const name of this.names()) {
      const machine = this.machine(name);
      for (const node of await machine.nodes()) {
        for (const server of await machine.processes(node)) await machine.signal(node, server, "SIGKILL");
        await stopServer(machine, node);
      }
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What most programs of the tests give back. */
export function outputsOf(cluster: Cluster): Record<string, unknown> {
  return { urls: cluster.urls, monitorUrls: cluster.monitorUrls, ca: cluster.caCertificate };
}
