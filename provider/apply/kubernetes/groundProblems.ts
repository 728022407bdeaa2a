import { isDeepStrictEqual } from "node:util";
import { isError } from "../../errors";
import type { Problem } from "../../errors";
import type { KubernetesInputs } from "../../model/kubernetes";
import { admissionProblems } from "./admissionProblems";
import { frozenProblems } from "./frozenProblems";
import type { KubeApi } from "./kubeApi";
import { KubeRefusal } from "./kubeApi";
import { kindProblems } from "./kindProblems";
import { LiveObjects } from "./liveObjects";
import { ownerProblems } from "./ownerProblems";
import { permissionProblems } from "./permissionProblems";
import { storageProblems } from "./storageProblems";

/** What stands in the way of these pods where they shall run; nothing is changed to find out. */
export async function groundProblems(
  api: KubeApi,
  inputs: KubernetesInputs,
  olds: KubernetesInputs | undefined,
): Promise<Problem[]> {
  const { target } = inputs;
  const missing = await namespaceProblems(api, inputs);
  if (missing.length > 0) return missing;
  const objects = new LiveObjects(api, target);
  const isThere = !target.makesNamespace || (await exists(api, `/api/v1/namespaces/${target.namespace}`));
  const isAsBefore = isSameGround(olds, inputs);
  const denied = isAsBefore ? [] : await permissionProblems(api, inputs);
  if (denied.length > 0) return denied;
  const owned = isThere ? await ownerProblems(api, inputs, olds) : [];
  if (owned.some(isError) || isAsBefore) return owned;
  const found = await Promise.all([
    storageProblems(api, inputs),
    kindProblems(api, inputs),
    ...(isThere ? [admissionProblems(api, inputs), frozenProblems(objects, inputs)] : []),
  ]);
  return [...owned, ...found.flat()];
}

/** What the last run has stood on needs no second look: no pod will be made that was not. */
function isSameGround(olds: KubernetesInputs | undefined, inputs: KubernetesInputs): boolean {
  const keys = ["target", "statefulSet", "management", "objects"] as const;
  return olds !== undefined && keys.every((key) => isDeepStrictEqual(olds[key], inputs[key]));
}

async function namespaceProblems(api: KubeApi, { target }: KubernetesInputs): Promise<Problem[]> {
  if (target.makesNamespace) return [];
  if (await exists(api, `/api/v1/namespaces/${target.namespace}`)) return [];
  return [
    {
      path: "target.namespace",
      reason: `there is no namespace "${target.namespace}"`,
      fix: `createNamespace: true, or kubectl create namespace ${target.namespace}`,
    },
  ];
}

/** What may not be looked at counts as there. */
async function exists(api: KubeApi, path: string): Promise<boolean> {
  try {
    return (await api.find(path)) !== undefined;
  } catch (error) {
    if (error instanceof KubeRefusal && error.status === 403) return true;
    throw error;
  }
}
