import type { ConnectArgs } from "./connectArgs";
import type { KubernetesHelperArgs } from "./kubernetesHelper";

/** Arguments of {@link Nui}. */
export interface NuiArgs extends KubernetesHelperArgs {
  /** Connections by their names. It can't connect by an nkey. A change restarts it, since it reads them as it starts. */
  readonly contexts: Readonly<Record<string, ConnectArgs>>;
  /** The Service by which browsers reach it. Default a ClusterIP on port 31311. A change touches no pod. */
  readonly service?: NuiService;
  /** Image. Default `ghcr.io/nats-nui/nui:0.9.3`. A change restarts the pod. */
  readonly image?: string;
}

/** The Service of a {@link Nui}. */
export interface NuiService {
  /** Default "ClusterIP": by `kubectl port-forward`, or an Ingress that asks for a login. */
  readonly type?: "ClusterIP" | "NodePort" | "LoadBalancer";
  /** Port. Default 31311. */
  readonly port?: number;
  /** Annotations, such as a load balancer's settings. Default none. */
  readonly annotations?: Readonly<Record<string, string>>;
}
