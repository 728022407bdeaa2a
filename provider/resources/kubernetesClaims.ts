import { NatsError } from "../errors";
import type { KubernetesMachine } from "../apply/kubernetes/kubernetesMachine";
import { claimName } from "../model/kubernetes";
import type { KubernetesInputs } from "../model/kubernetes";
import { bytesOf } from "../render/kubernetes/quantity";

/** Lets every claim have the wanted size: the StatefulSet's own template can't change, nor would it touch claims that are there. */
export async function growClaims(machine: KubernetesMachine, { target, nodes }: KubernetesInputs): Promise<void> {
  const wanted = bytesOf(target.volume?.size ?? "");
  if (wanted === undefined) return;
  for (const node of Object.keys(nodes)) {
    const claim = await machine.objects.claim(node);
    const has = bytesOf(claim?.spec.resources?.requests?.storage ?? "");
    if (has === undefined || has >= wanted) continue;
    await machine.objects.growClaim(node, target.volume!.size).catch((error: Error) => {
      const name = `PersistentVolumeClaim ${target.namespace}/${claimName}-${node}`;
      throw new NatsError(`${name} does not grow to ${target.volume!.size}: ${error.message}`, { cause: error });
    });
  }
}
