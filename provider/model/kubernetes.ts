import type { ServersInputs, ServersState } from "./servers";

/** Pods of one StatefulSet, whose servers are reached through the API server. */
export interface KubernetesTargetInputs {
  readonly kind: "kubernetes";
  /** Content of a kubeconfig file, or the path of one; default: KUBECONFIG or ~/.kube/config. Secret. */
  readonly kubeconfig?: string;
  /** Default: the kubeconfig's current context. */
  readonly context?: string;
  readonly namespace: string;
  /** Name of the StatefulSet; the names of all other objects start with it. */
  readonly name: string;
  /** Who the objects belong to: "<project>/<stack>/<cluster>". */
  readonly owner: string;
  /** The namespace is made by the same program, so that it need not be there before. */
  readonly makesNamespace?: boolean;
  /** The claim that each pod has; absent where data lives and dies with the pod. */
  readonly volume?: ClaimInputs;
}

export interface ClaimInputs {
  /** As Kubernetes writes it: "10Gi". */
  readonly size: string;
  /** Default: the cluster's default class. */
  readonly storageClass?: string;
}

/** What the resources beside the StatefulSet carry. */
export interface KubernetesInputs extends Omit<ServersInputs, "target"> {
  readonly target: KubernetesTargetInputs;
  /** `spec` of the StatefulSet as the program wants it. */
  readonly statefulSet: StatefulSetSpec;
  /** Every object that the program makes in the namespace, for the look ahead. */
  readonly objects?: readonly ObjectName[];
}

/** An object of the Kubernetes API, in a namespace that is known. */
export interface ObjectName {
  /** "apps/v1". */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export interface KubernetesState extends KubernetesInputs {
  readonly status: ServersState["status"];
}

/** The parts of a StatefulSet's spec that decide about pods. */
export interface StatefulSetSpec {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly podManagementPolicy?: string;
  readonly selector?: unknown;
  readonly template: PodTemplate;
  readonly volumeClaimTemplates?: readonly unknown[];
}

export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Names of the objects of a cluster. */
export function objectNames(name: string): {
  readonly headless: string;
  readonly client: string;
  readonly config: string;
  readonly secrets: string;
} {
  return { headless: `${name}-headless`, client: name, config: `${name}-config`, secrets: `${name}-secrets` };
}

/** The container that runs nats-server. */
export const serverContainer = "nats";
/** The claim's name in the StatefulSet; each pod's is `data-<pod>`. */
export const claimName = "data";

export const annotations = {
  /** On the pod template: hash of the keys that no reload brings into effect. */
  restartKeys: "pulumi-nats/restart-keys",
  /** On every object: whose it is. */
  owner: "pulumi-nats/owner",
  /** On a pod: when its files were changed last; makes the kubelet bring its volumes up to date at once. */
  files: "pulumi-nats/files",
  /** On a pod: why it must be restarted although it loaded everything. */
  restart: "pulumi-nats/restart-needed",
  /** On a claim: when its server was taken out of the cluster. */
  removed: "pulumi-nats/removed-at",
} as const;

/** Key of a ConfigMap or Secret for a path inside a generation: "tls/server.pem" → "tls__server.pem". */
export function keyOf(path: string): string {
  return path.replaceAll("/", "__");
}

/** The path that a key stands for. */
export function pathOf(key: string): string {
  return key.replaceAll("__", "/");
}

/** Ordinal of a pod: 2 of "east-2"; undefined for any other name. */
export function ordinalOf(name: string, pod: string): number | undefined {
  const match = pod.startsWith(`${name}-`) ? /^\d+$/.exec(pod.slice(name.length + 1)) : null;
  return match ? Number(match[0]) : undefined;
}
