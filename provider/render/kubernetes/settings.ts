import type { Listener } from "../../model/cluster";

/** What a cluster's objects are rendered from, after defaults. */
export interface KubernetesSettings {
  /** Name of the StatefulSet and the client Service; the others' names start with it. */
  readonly name: string;
  readonly namespace: string;
  readonly servers: number;
  readonly owner: string;
  readonly ports: Readonly<Partial<Record<Listener, number>>>;
  /** On every object. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly imagePullSecrets: readonly string[];
  readonly volume: VolumeSettings;
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly serviceAccount: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly service: ServiceSettings;
  readonly gateway: ExposureSettings;
  readonly leafnodes: ExposureSettings;
  readonly exporter?: ExporterSettings;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: object;
  readonly tolerations?: readonly object[];
  readonly topologySpreadConstraints?: readonly object[];
  readonly priorityClassName?: string;
  /** Paths beside nats.conf: those that everybody may read, and those that only the server may. */
  readonly files: readonly string[];
  readonly secretFiles: readonly string[];
}

export type Amounts = Readonly<Record<string, string>>;

export type VolumeSettings =
  | { readonly kind: "claim"; readonly size: string; readonly storageClass?: string; readonly accessMode: string }
  | { readonly kind: "emptyDir"; readonly size?: string; readonly inMemory: boolean };

export interface ServiceSettings {
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  readonly annotations: Readonly<Record<string, string>>;
}

/** How gateways or leaf nodes of other places come in. */
export interface ExposureSettings extends ServiceSettings {
  /** Host that others dial; with "{pod}" in it each pod has a Service of its own. */
  readonly address?: string;
  readonly nodePort?: number;
}

export interface ExporterSettings {
  readonly image: string;
  readonly resources?: KubernetesSettings["resources"];
  readonly podMonitor?: { readonly labels: Readonly<Record<string, string>>; readonly interval?: string };
}

/** What follows from nats.conf; a program knows it only once that is known. */
export interface ConfParts {
  /** See `restartKeys`. */
  readonly restartKeys: unknown;
  /** Longer than the server takes to say goodbye. */
  readonly graceSeconds: unknown;
  /** http_base_path before "/healthz". */
  readonly healthPath: (query: string) => unknown;
  /** Where the exporter asks. */
  readonly monitorUrl: unknown;
  /** The environment that node.conf reads. */
  readonly env: unknown;
}
