import * as pulumi from "@pulumi/pulumi";
import type { KubernetesSettings } from "../provider/render/kubernetes/settings";
import { present } from "../provider/model/present";
import type { KubernetesArgs, KubernetesExposure } from "./kubernetesArgs";
import type { Deployment } from "./target";

const defaultSize = "10GiB";
const exporterImage = "natsio/prometheus-nats-exporter:0.20.1";

/** The options with every default in its place. */
export function kubernetesSettings(args: KubernetesArgs, deployment: Deployment): KubernetesSettings {
  const { cluster, placement, version } = deployment;
  const { exporter } = args;
  const sidecar = exporter === true ? {} : exporter === false ? undefined : exporter;
  return present({
    name: cluster,
    namespace: args.namespace,
    servers: placement.nodes.length,
    owner: `${pulumi.getProject()}/${pulumi.getStack()}/${cluster}`,
    ports: placement.nodes[0]!.ports,
    labels: args.labels ?? {},
    annotations: args.annotations ?? {},
    podLabels: args.podLabels ?? {},
    podAnnotations: args.podAnnotations ?? {},
    image: args.image ?? `nats:${version}-alpine`,
    imagePullPolicy: args.imagePullPolicy,
    imagePullSecrets: args.imagePullSecrets ?? [],
    volume: volumeOf(args),
    resources: args.resources,
    serviceAccount: {
      name: args.serviceAccount?.name ?? cluster,
      annotations: args.serviceAccount?.annotations ?? {},
    },
    service: { type: args.service?.type ?? "ClusterIP", annotations: args.service?.annotations ?? {} },
    gateway: exposureOf(args.gateway),
    leafnodes: exposureOf(args.leafnodes),
    exporter: sidecar && {
      image: sidecar.image ?? exporterImage,
      ...(sidecar.resources ? { resources: sidecar.resources } : {}),
      ...(sidecar.podMonitor ? { podMonitor: podMonitorOf(sidecar.podMonitor) } : {}),
    },
    nodeSelector: args.nodeSelector,
    affinity: args.affinity,
    tolerations: args.tolerations,
    topologySpreadConstraints: args.topologySpreadConstraints,
    priorityClassName: args.priorityClassName,
    files: Object.keys(deployment.files),
    secretFiles: Object.keys(deployment.secretFiles),
  });
}

function volumeOf({ volume = {} }: KubernetesArgs): KubernetesSettings["volume"] {
  if (volume.kind === "emptyDir" || volume.kind === "memory") {
    return { kind: "emptyDir", inMemory: volume.kind === "memory", ...(volume.size ? { size: volume.size } : {}) };
  }
  return {
    kind: "claim",
    size: volume.size ?? defaultSize,
    accessMode: volume.accessMode ?? "ReadWriteOnce",
    ...(volume.storageClass === undefined ? {} : { storageClass: volume.storageClass }),
  };
}

function exposureOf(exposure: KubernetesExposure = {}): KubernetesSettings["gateway"] {
  const { type = "ClusterIP", annotations = {}, address, nodePort } = exposure;
  return present({ type, annotations, address, nodePort });
}

function podMonitorOf(wanted: true | { labels?: Readonly<Record<string, string>>; interval?: string }): {
  labels: Readonly<Record<string, string>>;
  interval?: string;
} {
  const { labels = {}, interval } = wanted === true ? {} : wanted;
  return { labels, ...(interval === undefined ? {} : { interval }) };
}
