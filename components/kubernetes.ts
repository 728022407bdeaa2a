import { ProblemsError } from "../provider/errors";
import { usable } from "../provider/model/argument";
import type { Listener } from "../provider/model/cluster";
import { objectNames } from "../provider/model/kubernetes";
import { withLateHosts } from "./kubernetesAddresses";
import { defaultPorts } from "./defaultPorts";
import type { KubernetesArgs } from "./kubernetesArgs";
import { kubernetesProblems } from "./kubernetesProblems";
import { kubernetesShape } from "./kubernetesShape";
import type { Placement, Target, TargetSettings, WantedListeners } from "./target";

/**
 * Runs a cluster's servers as pods of a StatefulSet, with everything around it: Services, configuration, secrets, volumes,
 * disruption budget, probes. Needs the package @pulumi/kubernetes beside this one. Pods restart only for what needs a
 * restart, one by one and each when the others are whole; all else is loaded while they serve.
 *
 * @example
 * ```ts
 * const cluster = new nats.Cluster("east", {
 *     target: nats.kubernetes({ namespace: "nats", servers: 3, volume: { size: "100GiB", storageClass: "ssd" } }),
 *     jetstream: { maxFileStore: "90GiB" },
 * });
 * ```
 */
export function kubernetes(args: KubernetesArgs): Target {
  const wrong = kubernetesShape(args, "");
  const problems = [...wrong, ...kubernetesProblems(usable(args ?? {}, wrong))];
  if (problems.length > 0) throw new ProblemsError("nats.kubernetes", problems);
  return {
    place(cluster, wanted) {
      const placement = place(args, cluster, wanted);
      const isLate = [args.gateway, args.leafnodes].some((one) => one?.type === "LoadBalancer" && !one.address);
      return isLate ? withLateHosts(placement) : placement;
    },
    deploy(name, deployment, options) {
      const { deployOnKubernetes } = require("./kubernetesDeploy") as typeof import("./kubernetesDeploy");
      return deployOnKubernetes(args, name, deployment, options);
    },
  };
}

const settings: TargetSettings = {
  ports: (listener) =>
    listener === "gateway" || listener === "leafnodes"
      ? `every pod has an address of its own and listens on ${defaultPorts[listener]}; others come in by \`nats.kubernetes({ ${listener}: { … } })\``
      : `every pod has an address of its own and listens on ${defaultPorts[listener]}; others come in by \`nats.kubernetes({ service: { … } })\``,
  address: "a pod listens on all of its addresses",
  folder: "JetStream's files lie in the volume: `nats.kubernetes({ volume: { … } })`",
};

function place(args: KubernetesArgs, cluster: string, wanted: WantedListeners): Placement {
  const servers = args.servers ?? 3;
  const on: Record<Listener, boolean> = {
    client: true,
    monitor: true,
    cluster: servers > 1 || wanted.gateway,
    ...wanted,
  };
  const own = Object.fromEntries(Object.entries(defaultPorts).filter(([listener]) => on[listener as Listener]));
  const { headless, client } = objectNames(cluster);
  const { namespace, clusterDomain = "cluster.local" } = args;
  return {
    nodes: Array.from({ length: servers }, (_, ordinal) => ({
      name: `${cluster}-${ordinal}`,
      host: `${cluster}-${ordinal}.${headless}.${namespace}.svc`,
      listen: "0.0.0.0",
      ports: own,
    })),
    layout: { tlsDir: "current/tls", storeDir: "/data" },
    settings,
    tlsHosts: [
      `*.${headless}.${namespace}.svc`,
      `*.${headless}.${namespace}.svc.${clusterDomain}`,
      client,
      `${client}.${namespace}`,
      `${client}.${namespace}.svc`,
      `${client}.${namespace}.svc.${clusterDomain}`,
      ...[args.gateway, args.leafnodes].flatMap((exposure) => exposure?.address?.replace("{pod}", "*") ?? []),
    ],
  };
}
