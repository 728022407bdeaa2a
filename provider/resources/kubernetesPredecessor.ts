import { KubeApi } from "../apply/kubernetes/kubeApi";
import { LiveObjects } from "../apply/kubernetes/liveObjects";
import { waitFor, WaitTimeout } from "../apply/wait";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import type { KubernetesInputs } from "../model/kubernetes";
import { accessOf, idOf, timeoutOf } from "./kubernetesCluster";

/**
 * A StatefulSet that is being deleted, by a `pulumi destroy` of a moment ago for one, keeps its name until its last pod has ended:
 * what would be made meanwhile changed the one that goes.
 */
export async function untilPredecessorIsGone(context: CallContext, inputs: KubernetesInputs): Promise<void> {
  const { target } = inputs;
  const api = new KubeApi(accessOf(target));
  const objects = new LiveObjects(api, target);
  const deletedAt = async (): Promise<string | undefined> => (await objects.statefulSet())?.metadata.deletionTimestamp;
  try {
    const since = await deletedAt();
    if (since === undefined) return;
    const what = `the end of StatefulSet ${idOf(target)}, which is being deleted since ${since}`;
    await context.info(`waits for ${what}`);
    await waitFor(what, { timeout: context.timeout ?? timeoutOf(inputs), interval: 200 }, async () => {
      if ((await deletedAt()) === undefined) return { value: undefined };
      const pods = (await objects.pods()).map(({ metadata }) => metadata.name);
      return { pending: pods.length === 0 ? "no pod is left" : `${pods.join(", ")} still there` };
    });
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const fix = `kubectl -n ${target.namespace} get statefulset ${target.name} -o yaml shows what holds it; then pulumi up again`;
    throw new NatsError(`${error.message}. Fix: ${fix}`, { cause: error });
  } finally {
    api.close();
  }
}
