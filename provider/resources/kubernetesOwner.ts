import type { KubernetesMachine } from "../apply/kubernetes/kubernetesMachine";
import { NatsError } from "../errors";
import { annotations } from "../model/kubernetes";
import type { KubernetesInputs } from "../model/kubernetes";
import { idOf } from "./kubernetesCluster";

/**
 * The objects were made by @pulumi/kubernetes a moment ago, which may have been told of another cluster than this resource; and
 * another program that makes the same ones at the same time overwrites them, as neither saw any when it looked.
 */
export async function mustBeOurs(
  machine: Pick<KubernetesMachine, "isObserved" | "objects">,
  { target }: Pick<KubernetesInputs, "target">,
  olds?: Pick<KubernetesInputs, "target">,
): Promise<void> {
  if (!(await machine.isObserved())) {
    throw new NatsError(
      `there is no StatefulSet ${idOf(target)} where the kubeconfig of nats.kubernetes leads, although it was made: ` +
        "the provider's kubeconfig leads elsewhere. Fix: nats.kubernetes({ provider, kubeconfig }) with the provider's own",
    );
  }
  const owner = (await machine.objects.statefulSet())?.metadata.annotations?.[annotations.owner];
  if (owner === undefined || [target.owner, olds?.target.owner].includes(owner)) return;
  throw new NatsError(
    `StatefulSet ${idOf(target)} of ${target.owner} was taken over by ${owner} (<project>/<stack>/<cluster>) while this \`pulumi up\` ran: ` +
      "two programs make the same objects. Its servers are left to that one. Fix: another name, or another namespace, for one of both",
  );
}
