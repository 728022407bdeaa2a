import type { Problem } from "../../errors";
import type { KubernetesInputs } from "../../model/kubernetes";
import type { KubeApi } from "./kubeApi";

interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly subresource?: string;
}

/** What the rollout itself does; what the objects need is for @pulumi/kubernetes to be told. */
const needed: readonly Right[] = [
  { verb: "list", resource: "pods" },
  { verb: "patch", resource: "pods" },
  { verb: "delete", resource: "pods" },
  { verb: "create", resource: "pods", subresource: "portforward" },
  { verb: "get", resource: "configmaps" },
  { verb: "patch", resource: "configmaps" },
  { verb: "get", resource: "secrets" },
  { verb: "patch", resource: "secrets" },
  { verb: "get", resource: "persistentvolumeclaims" },
  { verb: "get", resource: "statefulsets", group: "apps" },
  { verb: "patch", resource: "statefulsets", group: "apps" },
  { verb: "get", resource: "controllerrevisions", group: "apps" },
];

/** For servers without a user of the system account: a reload is a signal, and its outcome stands in the log. */
const neededBySignals: readonly Right[] = [
  { verb: "create", resource: "pods", subresource: "exec" },
  { verb: "get", resource: "pods", subresource: "log" },
];

/** What the kubeconfig's user may not do there, all of it at once. */
export async function permissionProblems(api: KubeApi, { target, management }: KubernetesInputs): Promise<Problem[]> {
  const { namespace } = target;
  const answers = await Promise.all(
    [...needed, ...(management.monitor ? neededBySignals : [])].map(async (right) => ({
      right,
      isAllowed: await may(api, namespace, right),
    })),
  );
  const denied = answers.filter(({ isAllowed }) => !isAllowed).map(({ right }) => wordsOf(right));
  if (denied.length === 0) return [];
  return [
    {
      path: "target.kubeconfig",
      reason: `the kubeconfig's user may not ${denied.join(", ")} in namespace "${namespace}"`,
      fix: "a Role with these verbs and resources, and a RoleBinding for the user",
    },
  ];
}

export async function may(api: KubeApi, namespace: string, right: Right): Promise<boolean> {
  const review = await api.post<{ status?: { allowed?: boolean } }>(
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { namespace, ...right } },
    },
  );
  return review.status?.allowed ?? false;
}

function wordsOf({ verb, resource, subresource }: Right): string {
  return `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
}
