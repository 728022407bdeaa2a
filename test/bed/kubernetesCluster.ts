import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { kubernetes } from "../../components/kubernetes";
import type { KubernetesArgs } from "../../components/kubernetesArgs";
import { waitFor } from "../../provider/apply/wait";
import { greeting } from "./greeting";
import type { KubernetesBed } from "./kubernetes/kubernetesBed";

export interface ClusterChange {
  readonly target?: Partial<KubernetesArgs>;
  readonly args?: Partial<ClusterArgs>;
}

export const appPassword = "app-password-one-1";

interface PodSeen {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status: { readonly containerStatuses?: readonly { readonly restartCount: number }[] };
}

/** One cluster in a namespace of the bed, with an account that has JetStream, and a balancer before it. */
export class KubernetesCluster {
  readonly bed: KubernetesBed;
  readonly namespace: string;
  readonly #base: ClusterChange;

  constructor(bed: KubernetesBed, namespace: string, base: ClusterChange = {}) {
    this.bed = bed;
    this.namespace = namespace;
    this.#base = base;
  }

  program({ target = {}, args = {} }: ClusterChange = {}): PulumiFn {
    return () => {
      const cluster = new Cluster("east", {
        target: kubernetes({
          namespace: this.namespace,
          kubeconfig: readFileSync(this.bed.kubeconfig, "utf8"),
          service: { type: "LoadBalancer" },
          volume: { size: "256MiB" },
          ...this.#base.target,
          ...target,
        }),
        jetstream: { maxFileStore: "128MiB", maxMemoryStore: "32MiB" },
        accounts: { APP: { jetstream: true, users: [{ user: "app", password: pulumi.secret(appPassword) }] } },
        rollout: { timeout: "90s" },
        ...this.#base.args,
        ...args,
      });
      const { urls, caCertificate: ca, through } = cluster;
      return Promise.resolve({ urls, ca, through });
    };
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return this.bed.kubectl("-n", this.namespace, ...args);
  }

  watch(line: string, ...args: readonly string[]): Promise<void> {
    return this.bed.watch(line, "-n", this.namespace, ...args);
  }

  /** Uid and restarts by pod: the same as before where no pod was touched. An object outlives its server by what the node has to clear up. */
  async pods(): Promise<Record<string, string>> {
    const { items } = JSON.parse(
      await this.kubectl("get", "pods", "-l", "app.kubernetes.io/instance=east", "-o", "json"),
    ) as { items: PodSeen[] };
    const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const entries = staying.map(({ metadata, status }): [string, string] => {
      return [metadata.name, `${metadata.uid} ${status.containerStatuses?.[0]?.restartCount ?? 0}`];
    });
    return Object.fromEntries(entries.sort());
  }

  /** Names of the claims that are there. */
  async claims(): Promise<string[]> {
    const names = await this.kubectl("get", "pvc", "-o", "jsonpath={.items[*].metadata.name}");
    return names === "" ? [] : names.split(" ").sort();
  }

  /** Where the balancer lets clients in; there once the Service's rules have reached the node, which they do in their own time. */
  async address(): Promise<string> {
    const host = await this.kubectl("get", "service", "east", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}");
    await waitFor("a server behind the balancer", { timeout: 30_000 }, () => greeting(host, 4222));
    return `${host}:4222`;
  }
}
