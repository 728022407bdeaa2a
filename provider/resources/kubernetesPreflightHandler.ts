import { KubeApi } from "../apply/kubernetes/kubeApi";
import { LiveObjects } from "../apply/kubernetes/liveObjects";
import { runningServer } from "../apply/kubernetes/pods";
import { observe, observeNode } from "../apply/rollout/observe";
import { removeNodes } from "../apply/rollout/removeStep";
import { StepFailure } from "../apply/rollout/stepFailure";
import { NatsError } from "../errors";
import { hasUnknown } from "../host/handler";
import type { CallContext, ChangeKind, Diff, Handler } from "../host/handler";
import { claimName } from "../model/kubernetes";
import type { KubernetesInputs, KubernetesState } from "../model/kubernetes";
import { byOrdinal } from "../plan/rollout";
import { accessOf, idOf, kubernetesRolloutOf } from "./kubernetesCluster";
import { checkPreflight } from "./kubernetesPreflightCheck";
import { notImportable } from "./notImportable";
import { untilPredecessorIsGone } from "./kubernetesPredecessor";

/** What comes before the objects of a cluster change, and after they are gone. The id is the StatefulSet's namespace and name. */
export const kubernetesPreflightHandler: Handler<KubernetesInputs, KubernetesState> = {
  kind: "KubernetesPreflight",
  // A pod template names Secrets, and holds none.
  plain: ["statefulSet", "objects"],
  schema: 1,
  mixed: ["target", "management"],
  check: checkPreflight,
  diff: (_context, _id, olds, news) => diff(olds, news),

  async create(context, inputs) {
    await untilPredecessorIsGone(context, inputs);
    return { id: idOf(inputs.target), state: { ...inputs, status: {} } };
  },

  async read(_context, id, state) {
    if (!state) {
      throw notImportable("KubernetesPreflight", id, "it is no object of its own", "nats.kubernetes({ … }) makes it");
    }
    const { status: _status, ...inputs } = state;
    return { inputs, state };
  },

  async update(context, _id, olds, news) {
    await takeOut(context, news, olds);
    return { ...news, status: {} };
  },

  delete: (context, _id, state) => leaveVolumes(context, state),
};

/** Only what it acts on, or must know to the end; the rest shows at the objects themselves. */
async function diff(olds: KubernetesState, news: KubernetesInputs): Promise<Diff> {
  const changes: Record<string, ChangeKind> = {};
  for (const key of ["target", "onDataLoss"] as const) {
    if (JSON.stringify(olds[key]) !== JSON.stringify(news[key])) changes[key] = "update";
  }
  const gone = Object.keys(olds.nodes).filter((node) => news.nodes[node] === undefined);
  for (const node of gone) changes[`nodes.${node}`] = "delete";
  for (const node of Object.keys(news.nodes)) if (!olds.nodes[node]) changes[`nodes.${node}`] = "add";
  if (gone.length === 0) return { changes };
  const names = gone.sort(byOrdinal).reverse();
  const ended = await endedOf(news, names);
  const rest = ended.length > 0 ? `; ${ended.join(", ")} ${ended.length === 1 ? "has" : "have"} ended already` : "";
  const message = `before the StatefulSet shrinks, ${names.join(", ")} will be taken out of the cluster, one at a time: lame duck, then out of JetStream's peers${rest}`;
  return { changes, notes: [{ severity: "info", message }] };
}

/** Those whose pod an earlier run has ended, and did not come further. */
async function endedOf({ target }: KubernetesInputs, names: readonly string[]): Promise<string[]> {
  if (hasUnknown(target)) return [];
  const api = new KubeApi(accessOf(target));
  try {
    const pods = await new LiveObjects(api, target).pods();
    return names.filter((name) => !pods.some((pod) => pod.metadata.name === name && runningServer(pod)));
  } finally {
    api.close();
  }
}

/** Servers that go leave the cluster while the StatefulSet still is as large as it was. */
async function takeOut(context: CallContext, wanted: KubernetesInputs, olds: KubernetesState): Promise<void> {
  if (Object.keys(olds.nodes).every((node) => wanted.nodes[node] !== undefined)) return;
  const rollout = kubernetesRolloutOf(context, wanted, [olds]);
  try {
    const found = await observe(rollout);
    const nodes = new Map(found.nodes);
    // A removal that was killed half way has ended the pod, and left its server among JetStream's peers.
    for (const node of Object.keys(olds.nodes)) if (!nodes.has(node)) nodes.set(node, await observeNode(rollout, node));
    const gone = [...nodes.keys()].filter((node) => wanted.nodes[node] === undefined);
    const inOrder = gone.sort(byOrdinal).reverse();
    await removeNodes(rollout, { ...found, nodes }, { kind: "remove", nodes: inOrder, why: "no longer wanted" });
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const left = [...error.left].map(([node, { text }]) => `${node}: ${text}`).join("; ");
    throw new NatsError(`${error.message} (${left})`, { cause: error });
  } finally {
    await rollout.reach.close();
    await rollout.machine.close();
  }
}

/** The StatefulSet is gone; its claims stay unless the program lets them go. */
async function leaveVolumes(context: CallContext, { target, nodes, onDataLoss }: KubernetesState): Promise<void> {
  const api = new KubeApi(accessOf(target));
  const objects = new LiveObjects(api, target);
  try {
    const kept: string[] = [];
    for (const node of Object.keys(nodes)) {
      if (!(await objects.claim(node))) continue;
      if (onDataLoss === "allow") await objects.deleteClaim(node);
      else kept.push(`${claimName}-${node}`);
    }
    if (kept.length === 0) return;
    await context.info(
      `the volumes with JetStream's files stay, a cluster of the same name takes them up again: ` +
        `PersistentVolumeClaims ${kept.join(", ")} in namespace ${target.namespace}`,
    );
  } finally {
    api.close();
  }
}
