import type { ConnectArgs } from "./connectArgs";
import type { KubernetesHelperArgs } from "./kubernetesHelper";

/** Arguments of {@link Box}. */
export interface BoxArgs extends KubernetesHelperArgs {
  /** Connections by the names of their contexts. They are in place in the pod within a minute of a change, without a restart. */
  readonly contexts: Readonly<Record<string, ConnectArgs>>;
  /** Context that counts where a command names none. Default the first. A change restarts the pod. */
  readonly selected?: string;
  /** Image with sh and nats. Default `natsio/nats-box:0.19.7-nonroot`. A change restarts the pod. */
  readonly image?: string;
}
