import { annotations } from "../../model/kubernetes";
import type { KubernetesSettings } from "./settings";

/** What selects the pods of a cluster, for ever: a StatefulSet's selector can't change. */
export function selectorLabels(settings: Pick<KubernetesSettings, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": "nats", "app.kubernetes.io/instance": settings.name };
}

/** On every object. */
export function objectLabels(
  settings: Pick<KubernetesSettings, "name"> & Partial<Pick<KubernetesSettings, "labels">>,
): Record<string, string> {
  return { ...settings.labels, ...selectorLabels(settings), "app.kubernetes.io/managed-by": "pulumi-nats" };
}

/** On every object but the pods: whose it is, and that the program's word counts where somebody else has changed it. */
export function ownAnnotations(settings: Pick<KubernetesSettings, "annotations" | "owner">): Record<string, string> {
  return { ...settings.annotations, [annotations.owner]: settings.owner, "pulumi.com/patchForce": "true" };
}
