import type { Problem } from "../../errors";
import type { KubernetesInputs } from "../../model/kubernetes";
import type { KubeApi } from "./kubeApi";

/** Objects of a kind that this Kubernetes does not have: it comes with an operator. */
export async function kindProblems(api: KubeApi, { objects = [] }: KubernetesInputs): Promise<Problem[]> {
  const monitor = objects.find(({ kind }) => kind === "PodMonitor");
  if (!monitor) return [];
  const group = await api.find<{ resources?: { kind: string }[] }>(`/apis/${monitor.apiVersion}`);
  if (group?.resources?.some(({ kind }) => kind === monitor.kind)) return [];
  const reason = `this Kubernetes has no kind ${monitor.kind} of ${monitor.apiVersion}, which comes with the Prometheus operator`;
  return [{ path: "target.exporter.podMonitor", reason, fix: "install the operator first, or podMonitor: false" }];
}
