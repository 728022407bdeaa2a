// oxlint-disable-next-line typescript/ban-ts-comment -- kept in the declarations: programs without Kubernetes don't install its types
/** @ts-ignore */
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "./transformObject";

/** Options of {@link kubernetes}. */
export interface KubernetesArgs {
  /**
   * Namespace of all objects. A change is another place for the data: refused while servers exist.
   * It must be there, unless `createNamespace` makes it.
   */
  readonly namespace: string;
  /** How many servers, 1 to 99; JetStream wants an odd number. Default 3. A change starts further pods, or takes the last ones out of the cluster first. */
  readonly servers?: number;
  /**
   * Makes the namespace, with further labels. Default false. `pulumi destroy` leaves it, because the volumes live in it, unless the
   * cluster has `onDataLoss: "allow"`.
   */
  readonly createNamespace?: boolean | { readonly labels?: Readonly<Record<string, string>> };
  /** Content of a kubeconfig file, or its path. Default: that of `provider`, the stack's `kubernetes:kubeconfig`, KUBECONFIG, ~/.kube/config. Kept as a secret. */
  readonly kubeconfig?: pulumi.Input<string>;
  /** Context of the kubeconfig. Default: its current one. */
  readonly context?: pulumi.Input<string>;
  /**
   * Provider of the objects, with `enableConfigMapMutable: true` and `enableSecretMutable: true`: without them it would
   * replace ConfigMaps, and pods with them. Default: that of the cluster's own `providers` option, else one made for this cluster.
   */
  readonly provider?: kubernetes.Provider;
  /**
   * Image with nats-server in its PATH. Default `nats:<version>-alpine`, where `version` is the cluster's. It must be of that
   * version. With a shell, as that one has, a running pod of the version is asked for the server's own check of a new configuration
   * before anything changes. A change restarts the servers one by one.
   */
  readonly image?: string;
  /** When the image is pulled. Default: Kubernetes' own. A change restarts the servers one by one. */
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Secrets with credentials of the registry. Default none. A change restarts the servers one by one. */
  readonly imagePullSecrets?: readonly string[];
  /** Where JetStream's files lie. Default a claim of 10GiB for each pod, of the cluster's default storage class. */
  readonly volume?: KubernetesVolume;
  /**
   * Requests and limits of the server's container, as Kubernetes writes them: `{ limits: { memory: "2Gi" } }`. Default none.
   * With a memory limit, Go's collector keeps below nine tenths of it. A change restarts the servers one by one.
   */
  readonly resources?: KubernetesResources;
  /** The Service for clients. Default a ClusterIP. A change touches no pod. */
  readonly service?: KubernetesService;
  /** How gateways of other clusters come in, where the cluster has `gateway`. Default: by the pods' own names, inside this Kubernetes only. */
  readonly gateway?: KubernetesExposure;
  /** How leaf nodes come in, where the cluster has `leafnodes`. Default: by the pods' own names, inside this Kubernetes only. */
  readonly leafnodes?: KubernetesExposure;
  /** Sidecar with Prometheus' metrics on port 7777. Default none. A change restarts the servers one by one. */
  readonly exporter?: boolean | KubernetesExporter;
  /** The pods' ServiceAccount; it never gets a token. Default one of the cluster's own name. A new name restarts the servers one by one. */
  readonly serviceAccount?: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> };
  /** Nodes that may run the pods, by label. Default any. A change restarts the servers one by one. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Affinity of the pods, as Kubernetes writes it. Default none. A change restarts the servers one by one. */
  readonly affinity?: object;
  /** Tolerations of the pods, as Kubernetes writes them. Default none. A change restarts the servers one by one. */
  readonly tolerations?: readonly object[];
  /** Spread of the pods, as Kubernetes writes it. Default: over nodes, as far as there are enough. A change restarts the servers one by one. */
  readonly topologySpreadConstraints?: readonly object[];
  /** PriorityClass of the pods. Default none. A change restarts the servers one by one. */
  readonly priorityClassName?: string;
  /** Labels of all objects. Default none. A change restarts the servers one by one, since pods have them too. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of all objects but the pods. Default none. A change touches no pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Further labels of the pods. Default none. A change restarts the servers one by one. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Default none. A change restarts the servers one by one. */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** Domain of the cluster's DNS, for the certificate's names. Default "cluster.local". A change is a hot reload. */
  readonly clusterDomain?: string;
  /**
   * Last word on any object: gets it as it would be made, gives it back as it shall be; nothing where it changes nothing. By kind;
   * where there are several Services, `metadata.name` tells which. Name, namespace, kind and version stay. What follows for the pods is
   * seen and rolled out as any other change.
   */
  readonly transform?: { readonly [Kind in KubernetesKind]?: Transform<KubernetesObject> };
}

/** Kinds of the objects that a cluster consists of. */
export type KubernetesKind =
  | "ConfigMap"
  | "Namespace"
  | "PodDisruptionBudget"
  | "PodMonitor"
  | "Secret"
  | "Service"
  | "ServiceAccount"
  | "StatefulSet";

/** An object of the Kubernetes API; values in it may be Outputs. */
export interface KubernetesObject {
  /** "apps/v1". */
  readonly apiVersion: string;
  /** "StatefulSet". */
  readonly kind: string;
  /** Name, namespace, labels and annotations. */
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
  /** `spec`, `data` and so on. */
  readonly [part: string]: unknown;
}

/** Where JetStream's files lie. */
export interface KubernetesVolume {
  /**
   * "claim" (default): a PersistentVolumeClaim for each pod, which outlives pods and `pulumi destroy`. "emptyDir": the pod's own
   * disk; "memory": the pod's own memory; both go with the pod. Another kind is refused while servers exist.
   */
  readonly kind?: "claim" | "emptyDir" | "memory";
  /** Size, "10GiB". Default "10GiB" for a claim, else as much as there is. A claim grows in place where its storage class can; it never shrinks. */
  readonly size?: string;
  /** StorageClass of the claims. Default the cluster's default one. Another one is refused while servers exist. */
  readonly storageClass?: string;
  /** Access mode of the claims. Default "ReadWriteOnce". Another one is refused while servers exist. */
  readonly accessMode?: "ReadWriteOnce" | "ReadWriteOncePod";
}

/** Requests and limits of a container. */
export interface KubernetesResources {
  /** What is kept free for it: `{ cpu: "500m", memory: "1Gi" }`. */
  readonly requests?: Readonly<Record<string, string>>;
  /** What it never gets more of. */
  readonly limits?: Readonly<Record<string, string>>;
}

/** A Service. */
export interface KubernetesService {
  /** Default "ClusterIP". */
  readonly type?: "ClusterIP" | "NodePort" | "LoadBalancer";
  /** Annotations, such as a load balancer's settings. Default none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How servers of other places come in. */
export interface KubernetesExposure extends KubernetesService {
  /**
   * Host that the others dial, and that the servers tell them. With "{pod}" in it (`"{pod}.nats.example.com"`) each pod gets
   * a Service of its own. Default: a LoadBalancer's own address, else the pods' names. A change restarts the servers one by one.
   */
  readonly address?: string;
  /** Port on the nodes, for a NodePort. It must be given, as others dial it. */
  readonly nodePort?: number;
}

/** The sidecar with Prometheus' metrics. */
export interface KubernetesExporter {
  /** Image. Default `natsio/prometheus-nats-exporter:0.20.1`. A change restarts the servers one by one. */
  readonly image?: string;
  /** Requests and limits of the sidecar. Default none. A change restarts the servers one by one. */
  readonly resources?: KubernetesResources;
  /** Makes a PodMonitor for the Prometheus operator, with further labels and its own interval. Default false. A change touches no pod. */
  readonly podMonitor?: boolean | { readonly labels?: Readonly<Record<string, string>>; readonly interval?: string };
}
