import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesTargetInputs, StatefulSetSpec } from "../model/kubernetes";
import type { NodeInputs, NodeStatus } from "../model/servers";
import { NatsResource } from "./natsResource";
import type { ServersArgs } from "./servers";

/** Arguments of {@link KubernetesRollout}. */
export interface KubernetesRolloutArgs extends Omit<ServersArgs, "target"> {
  /** Which StatefulSet, and how its API server is reached. Another place is refused while servers exist: their data would stay behind. */
  readonly target: pulumi.Input<KubernetesTargetInputs>;
  /** The StatefulSet's `spec` as it was made. What changes in its pod template restarts the servers one by one. */
  readonly statefulSet: pulumi.Input<StatefulSetSpec>;
}

/**
 * The servers of one StatefulSet: brings new files and pod templates to them, one after the other, with the same gates as on
 * machines, and is there once all of them run what is wanted. {@link Cluster} makes one.
 */
export class KubernetesRollout extends NatsResource {
  /** Servers by server_name, with the URL that each answers at. */
  declare readonly nodes: pulumi.Output<Readonly<Record<string, NodeInputs>>>;
  /** What each server says of itself: its id, its version and the digest of its configuration. */
  declare readonly status: pulumi.Output<Readonly<Record<string, NodeStatus>>>;

  constructor(name: string, args: KubernetesRolloutArgs, options?: pulumi.CustomResourceOptions) {
    super("KubernetesRollout", name, { ...args }, ["status"], options);
  }
}
