import { createHash } from "node:crypto";
import type { KubeApi } from "../apply/kubernetes/kubeApi";
import type { PortForward } from "../apply/kubernetes/portForward";
import type { Reach } from "../apply/rollout/reach";
import type { KubernetesTargetInputs } from "../model/kubernetes";
import { accessOf } from "./kubernetesCluster";

/** Connections to an API server, and through it to the servers of one cluster. */
export interface KubernetesWays {
  readonly api: KubeApi;
  readonly dialer: PortForward;
  readonly reach: Reach;
}

/** How long those of a check wait for the diff that follows it, in milliseconds. */
const longest = 15_000;
const kept = new Map<string, { readonly ways: KubernetesWays; readonly timer: NodeJS.Timeout }>();

/** Leaves them to whoever looks next in the same operation. */
export function keepWays(target: KubernetesTargetInputs, ways: KubernetesWays): void {
  const key = keyOf(target);
  const former = takeWays(target);
  if (former) void endWays(former);
  const timer = setTimeout(() => void (kept.delete(key), endWays(ways)), longest);
  timer.unref();
  kept.set(key, { ways, timer });
}

/** Those of a check just before; they are the caller's now. */
export function takeWays(target: KubernetesTargetInputs): KubernetesWays | undefined {
  const key = keyOf(target);
  const entry = kept.get(key);
  if (!entry) return undefined;
  clearTimeout(entry.timer);
  kept.delete(key);
  return entry.ways;
}

export async function endWays({ api, dialer, reach }: KubernetesWays): Promise<void> {
  await reach.close();
  await dialer.close();
  api.close();
}

function keyOf(target: KubernetesTargetInputs): string {
  return createHash("sha256")
    .update(JSON.stringify([accessOf(target), target.namespace, target.name]))
    .digest("hex");
}
