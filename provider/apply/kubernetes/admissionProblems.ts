import type { Problem } from "../../errors";
import type { KubernetesInputs } from "../../model/kubernetes";
import { claimName } from "../../model/kubernetes";
import { KubeRefusal } from "./kubeApi";
import type { KubeApi } from "./kubeApi";

/** What the API server says to one of the pods, asked without making it: pod security, quotas, a template that is no pod. */
export async function admissionProblems(api: KubeApi, { target, statefulSet }: KubernetesInputs): Promise<Problem[]> {
  const { metadata, spec = {} } = statefulSet.template;
  const { serviceAccountName: _account, volumes = [], ...rest } = spec;
  const claims = (statefulSet.volumeClaimTemplates ?? []).length > 0 ? [{ name: claimName, emptyDir: {} }] : [];
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name: `${target.name}-preflight` },
    spec: { ...rest, volumes: [...(volumes as object[]), ...claims] },
  };
  try {
    await api.post(`/api/v1/namespaces/${target.namespace}/pods`, pod, { dryRun: "All" });
    return [];
  } catch (error) {
    if (!(error instanceof KubeRefusal)) throw error;
    const reason = error.message.slice(error.message.indexOf(": ") + 2);
    // Whoever may not make pods lets the StatefulSet make them.
    if (/cannot create resource/.test(reason)) return [];
    return [problemOf(target.namespace, reason)];
  }
}

function problemOf(namespace: string, reason: string): Problem {
  if (reason.includes("violates PodSecurity")) {
    const fix = `a transform that removes what it names, or kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=restricted --overwrite`;
    return { path: "target.namespace", reason: `namespace "${namespace}" forbids the pods: ${reason}`, fix };
  }
  if (reason.includes("exceeded quota")) {
    return { path: "target.namespace", reason: `namespace "${namespace}" has no room for the pods: ${reason}` };
  }
  return { path: "target", reason: `Kubernetes refuses the pods: ${reason}` };
}
