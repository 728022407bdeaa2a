import { KubeApi } from "../apply/kubernetes/kubeApi";
import { KubernetesMachine } from "../apply/kubernetes/kubernetesMachine";
import type { PendingTemplate } from "../apply/kubernetes/kubernetesMachine";
import { KubernetesReach } from "../apply/kubernetes/kubernetesReach";
import type { Rollout } from "../apply/rollout/rollout";
import { hasUnknown } from "../host/handler";
import type { CallContext } from "../host/handler";
import type { KubernetesInputs, KubernetesState, KubernetesTargetInputs } from "../model/kubernetes";
import { parseNode } from "../model/nodeConf";
import { nodeFiles } from "../model/nodeFiles";
import type { ServersInputs, ServersState } from "../model/servers";
import { milliseconds } from "../model/units";
import { explainConfig } from "../plan/explainConfig";
import { templateChanges, templateReason } from "../plan/podTemplate";
import type { Explain } from "../plan/rollout";
import { byOrdinal } from "../plan/rollout";
import type { KubernetesWays } from "./kubernetesWays";

/** Pulling images and attaching volumes take their time. */
const defaultTimeout = "5m";

export interface KubernetesRolloutParts extends Rollout {
  readonly machine: KubernetesMachine;
}

/** Everything that a rollout of these inputs works with; in a preview with what becomes of the pod template. */
export function kubernetesRolloutOf(
  context: CallContext,
  inputs: KubernetesInputs,
  known: readonly KubernetesInputs[],
  preview: { readonly pending?: PendingTemplate; readonly ways?: KubernetesWays | undefined } = {},
): KubernetesRolloutParts {
  const wanted = asServers(inputs);
  const timeout = timeoutOf(inputs);
  const { pending, ways } = preview;
  const machine = new KubernetesMachine({
    api: ways?.api ?? new KubeApi(accessOf(inputs.target)),
    dialer: ways?.dialer,
    inputs,
    former: known[0],
    timeout,
    ...(pending === undefined ? {} : { pending }),
  });
  const names = Object.keys(inputs.nodes).sort(byOrdinal);
  return {
    machine,
    reach: ways?.reach ?? new KubernetesReach(machine),
    wanted,
    known: known.map(asServers),
    parsed: new Map(names.map((name) => [name, parseNode(nodeFiles(wanted, name))])),
    explain,
    timeout,
    staged: new Map(),
    before: new Map(),
    say: context.info,
  };
}

/** Milliseconds for one server, with its pod. */
export function timeoutOf({ rollout }: KubernetesInputs): number {
  return milliseconds(rollout.timeout ?? defaultTimeout);
}

/** From the stored pod template to the wanted one, in a preview. */
export function pendingOf(olds: KubernetesInputs | undefined, { statefulSet }: KubernetesInputs): PendingTemplate {
  const { template } = statefulSet;
  if (hasUnknown(template)) return { reason: "parts of the pod template are known only after the apply" };
  return { template, reason: olds && templateReason(templateChanges(olds.statefulSet.template, template)) };
}

export function accessOf({ kubeconfig, context }: KubernetesTargetInputs): KubeApi["access"] {
  return { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
}

/** A rollout does not look at its target; the machine does. */
export function asServers(inputs: KubernetesInputs): ServersInputs {
  return inputs as unknown as ServersInputs;
}

/** The state of a rollout on Kubernetes from what the shared functions made. */
export function asKubernetes(state: ServersState): KubernetesState {
  return state as unknown as KubernetesState;
}

export function idOf({ namespace, name }: KubernetesTargetInputs): string {
  return `${namespace}/${name}`;
}

/** The name of the server's own id file changes with the files beside nats.conf, and with nothing else. */
const explain: Explain = (from, to, options) => {
  const explained = explainConfig(from, to, options);
  const changes = explained.changes.map((change) =>
    change.path === "pid_file"
      ? { ...change, path: "what stands in files beside nats.conf", from: "", to: "" }
      : change,
  );
  return { ...explained, changes };
};
