import { claimProblems } from "../apply/kubernetes/claimProblems";
import { groundProblems } from "../apply/kubernetes/groundProblems";
import { KubeApi } from "../apply/kubernetes/kubeApi";
import { leavingProblems } from "../apply/rollout/leavingAccounts";
import { observe } from "../apply/rollout/observe";
import { planOf } from "../apply/rollout/runRollout";
import { isError, NatsError } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown, isUnknown } from "../host/handler";
import type { CallContext, Checked } from "../host/handler";
import type { KubernetesInputs, KubernetesState } from "../model/kubernetes";
import type { ServersState } from "../model/servers";
import { joinsOthers } from "../plan/gateways";
import { atLeast } from "../model/serverRelease";
import { publicConf } from "../render/kubernetes/publicConf";
import type { RolloutPlan } from "../plan/rollout";
import { accessOf, asKubernetes, asServers, idOf, kubernetesRolloutOf, pendingOf } from "./kubernetesCluster";
import { endWays, keepWays } from "./kubernetesWays";
import { serverRefusals } from "./serverRefusals";
import { roomProblems } from "./serversCheck";
import { configProblems, sizeProblems } from "./serversConfigProblems";
import { levelProblems } from "./serversLevels";
import { fillUnknowns } from "./serversUnknowns";

/** Everything that can be known before a change: the texts, the ground, and what the running servers make of it. */
export async function checkPreflight(
  context: CallContext,
  olds: KubernetesState | undefined,
  news: KubernetesInputs,
): Promise<Checked<KubernetesInputs>> {
  const { problems: given, ...rest } = news;
  const inputs: KubernetesInputs = { ...rest, rollout: rest.rollout ?? {}, onDataLoss: rest.onDataLoss ?? "refuse" };
  const problems: Problem[] = isUnknown(given) ? [] : [...(given ?? [])];
  problems.push(...placeProblems(olds, inputs), ...versionProblems(inputs));
  if (hasUnknown(inputs.target) || problems.some(isError)) return { inputs, problems };
  try {
    problems.push(...(await liveProblems(context, olds, inputs)));
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    problems.push({ path: "target.kubeconfig", reason: error.message });
  }
  return { inputs, problems };
}

async function liveProblems(
  context: CallContext,
  olds: KubernetesState | undefined,
  inputs: KubernetesInputs,
): Promise<Problem[]> {
  const api = new KubeApi(accessOf(inputs.target));
  const problems: Problem[] = [];
  try {
    if (!hasUnknown(inputs.statefulSet)) problems.push(...(await groundProblems(api, inputs, olds)));
  } finally {
    api.close();
  }
  if (!olds) problems.push(...joiningProblems(inputs));
  const { inputs: filled, unknown, canPlan } = fillUnknowns(asServers(inputs), olds && asServers(olds));
  if (!canPlan && !isUnknown(inputs.config) && !isUnknown(inputs.nodes)) problems.push(...sizeProblems(filled));
  if (!canPlan || problems.some(isError)) return problems;
  problems.push(...configProblems(filled, new Set(unknown)));
  if (problems.some(isError) || hasUnknown(inputs.statefulSet)) return problems;
  const complete = { ...asKubernetes(filled as ServersState), statefulSet: inputs.statefulSet };
  const rollout = kubernetesRolloutOf(context, complete, olds ? [olds] : [], { pending: pendingOf(olds, complete) });
  const { machine, reach } = rollout;
  let isDone = false;
  try {
    const seen = await observe({ ...rollout, patience: 2000 });
    const plan = planOf(rollout, seen);
    problems.push(...plan.refusals, ...waypointProblems(plan));
    problems.push(...(await roomProblems(rollout, seen)), ...(await levelProblems(rollout, seen)));
    problems.push(...(await leavingProblems(rollout, seen).catch(() => [])));
    problems.push(...(await claimProblems(machine.api, machine.objects, complete)));
    // Placeholders for what this `up` makes are nothing to be judged; `up` itself asks with all of it.
    if (unknown.length === 0 && !problems.some(isError)) {
      problems.push(...(await serverRefusals(rollout, seen, olds, complete)));
    }
    isDone = true;
  } finally {
    const ways = { api: machine.api, dialer: machine.dialer, reach };
    if (isDone) keepWays(inputs.target, ways);
    else await endWays(ways);
  }
  return problems;
}

function placeProblems(olds: KubernetesState | undefined, { target, cluster }: KubernetesInputs): Problem[] {
  if (!olds || hasUnknown(target) || isUnknown(cluster)) return [];
  const [was, shall] = [idOf(olds.target), idOf(target)];
  if (was === shall) return [];
  const reason = `the servers and their volumes are StatefulSet ${was}; as ${shall} they would start empty`;
  const fix = `namespace: "${olds.target.namespace}" and name: "${olds.target.name}", or a second cluster`;
  return [{ path: olds.target.namespace === target.namespace ? "name" : "target.namespace", reason, fix }];
}

function versionProblems({ version }: KubernetesInputs): Problem[] {
  if (isUnknown(version)) return [];
  const match = /^(\d+)\.(\d+)\.\d+(-[\w.]+)?$/.exec(version);
  if (!match) {
    return [{ path: "version", reason: `"${version}" is no version of nats-server`, fix: 'version: "2.15.2"' }];
  }
  if (Number(match[1]) > 2 || (match[1] === "2" && Number(match[2]) >= 11)) return [];
  const reason = `nats-server ${version} does not name the configuration that it runs: at least 2.11 is wanted`;
  return [{ path: "version", reason, fix: 'version: "2.11.17"' }];
}

/** All pods read the same files, so that one of them can't have another configuration on the way. */
function waypointProblems(plan: RolloutPlan): Problem[] {
  const [step] = plan.steps.filter((one) => one.kind === "reload" && one.config !== "wanted");
  if (!step) return [];
  const reason = `this must reach all servers before any of them restarts: ${step.why}. On Kubernetes that takes two changes`;
  return [{ path: "config", reason, fix: "`pulumi up` with that change alone first, then with the rest" }];
}

/** Pods start together, and must not make a JetStream meta group of their own beside the one that they shall join. */
function joiningProblems({ version, config, nodes }: KubernetesInputs): Problem[] {
  if ([version, config, nodes].some(hasUnknown) || atLeast(version, "2.12.0")) return [];
  const [first] = Object.values(nodes);
  if (!first || !joinsOthers(publicConf(config, first.config))) return [];
  const reason = `servers ${version} that start together may elect a JetStream meta leader of their own before the gateways of their supercluster are up`;
  return [{ path: "version", reason, fix: 'version: "2.12.15" or later' }];
}
