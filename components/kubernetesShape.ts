import {
  callback,
  either,
  flag,
  having,
  input,
  labels,
  listOf,
  number,
  object,
  objectOf,
  required,
  secretText,
  text,
  words,
} from "../provider/model/argument";
import type { Argument } from "../provider/model/argument";
import type {
  KubernetesArgs,
  KubernetesExporter,
  KubernetesExposure,
  KubernetesKind,
  KubernetesResources,
  KubernetesService,
  KubernetesVolume,
} from "./kubernetesArgs";

const resourcesShape = objectOf<KubernetesResources>({ requests: labels, limits: labels });
export const imagePullPolicyShape = words("Always", "IfNotPresent", "Never");
export const providerShape = having("a provider", ["urn"], 'provider: new k8s.Provider("…", { … })');
export const serviceTypes = words("ClusterIP", "NodePort", "LoadBalancer");
const service: { readonly [Key in keyof Required<KubernetesService>]: Argument } = {
  type: serviceTypes,
  annotations: labels,
};
const exposure = objectOf<KubernetesExposure>({ ...service, address: text, nodePort: number });
const podMonitor = objectOf<{ labels: object; interval: string }>({ labels, interval: text });

/** Every option of `nats.kubernetes`, with what it takes. */
export const kubernetesShape = required(
  objectOf<KubernetesArgs>(
    {
      namespace: required(text, 'namespace: "nats"'),
      servers: number,
      createNamespace: either(flag, objectOf<{ labels: object }>({ labels })),
      kubeconfig: input(secretText),
      context: input(text),
      provider: providerShape,
      image: text,
      imagePullPolicy: imagePullPolicyShape,
      imagePullSecrets: listOf(text),
      volume: objectOf<KubernetesVolume>({
        kind: words("claim", "emptyDir", "memory"),
        size: text,
        storageClass: text,
        accessMode: words("ReadWriteOnce", "ReadWriteOncePod"),
      }),
      resources: resourcesShape,
      service: objectOf<KubernetesService>(service),
      gateway: exposure,
      leafnodes: exposure,
      exporter: either(
        flag,
        objectOf<KubernetesExporter>({ image: text, resources: resourcesShape, podMonitor: either(flag, podMonitor) }),
      ),
      serviceAccount: objectOf<{ name: string; annotations: object }>({ name: text, annotations: labels }),
      nodeSelector: labels,
      affinity: object,
      tolerations: listOf(object),
      topologySpreadConstraints: listOf(object),
      priorityClassName: text,
      labels,
      annotations: labels,
      podLabels: labels,
      podAnnotations: labels,
      clusterDomain: text,
      transform: objectOf<Record<KubernetesKind, unknown>>({
        ConfigMap: callback,
        Namespace: callback,
        PodDisruptionBudget: callback,
        PodMonitor: callback,
        Secret: callback,
        Service: callback,
        ServiceAccount: callback,
        StatefulSet: callback,
      }),
    },
    { aliases: { replicas: "servers", storage: "volume", pvc: "volume" } },
  ),
  '{ namespace: "nats" }',
);
