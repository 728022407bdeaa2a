import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesRolloutArgs } from "./kubernetesRollout";
import { NatsResource } from "./natsResource";

/**
 * What comes before any change of a cluster on Kubernetes: namespace, permissions, storage class, pod security and the
 * configuration are looked at, and servers that go leave the cluster before the StatefulSet shrinks. {@link Cluster} makes one.
 */
export class KubernetesPreflight extends NatsResource {
  constructor(name: string, args: KubernetesRolloutArgs, options?: pulumi.CustomResourceOptions) {
    super("KubernetesPreflight", name, { ...args }, [], options);
  }
}
