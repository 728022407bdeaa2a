import type * as pulumi from "@pulumi/pulumi";
import type { ObjectName } from "../model/kubernetes";
import type { KubernetesRolloutArgs } from "./kubernetesRollout";
import { NatsResource } from "./natsResource";

/** Arguments of {@link KubernetesPreflight}. */
export interface KubernetesPreflightArgs extends KubernetesRolloutArgs {
  /** Every object that the program makes in the namespace: one of somebody else in its place is an error before anything changes. */
  readonly objects: pulumi.Input<readonly ObjectName[]>;
}

/**
 * What comes before any change of a cluster on Kubernetes: namespace, permissions, storage class, pod security and the
 * configuration are looked at, and servers that go leave the cluster before the StatefulSet shrinks. {@link Cluster} makes one.
 */
export class KubernetesPreflight extends NatsResource {
  constructor(name: string, args: KubernetesPreflightArgs, options?: pulumi.CustomResourceOptions) {
    super("KubernetesPreflight", name, { ...args }, [], options);
  }
}
