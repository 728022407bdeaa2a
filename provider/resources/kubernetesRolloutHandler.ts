import { hasUnknown, isUnknown, PartialFailure } from "../host/handler";
import type { CallContext, Checked, Diff, Handler, Live, Note } from "../host/handler";
import type { KubernetesMachine } from "../apply/kubernetes/kubernetesMachine";
import { observe } from "../apply/rollout/observe";
import type { Observation } from "../apply/rollout/observe";
import { runRollout } from "../apply/rollout/runRollout";
import { StepFailure } from "../apply/rollout/stepFailure";
import type { KubernetesInputs, KubernetesState } from "../model/kubernetes";
import type { ServersState } from "../model/servers";
import { templateReason } from "../plan/podTemplate";
import { asKubernetes, asServers, idOf, kubernetesRolloutOf, pendingOf } from "./kubernetesCluster";
import type { KubernetesRolloutParts } from "./kubernetesCluster";
import { growClaims } from "./kubernetesClaims";
import { leftInPods } from "./kubernetesLeft";
import { mustBeOurs } from "./kubernetesOwner";
import { takeWays } from "./kubernetesWays";
import { notImportable } from "./notImportable";
import { reasonsOf } from "./serversApply";
import { stateOf } from "./serversCluster";
import { changedPaths, isHeld, notesOf, planDiff } from "./serversDiff";
import type { Changes } from "./serversDiff";
import { inputsAsLeft } from "./serversDrift";
import { readFrom } from "./serversRead";
import { fillUnknowns } from "./serversUnknowns";

/** The servers of one StatefulSet. The id is its namespace and name. */
export const kubernetesRolloutHandler: Handler<KubernetesInputs, KubernetesState> = {
  kind: "KubernetesRollout",
  // A pod template names Secrets, and holds none.
  plain: ["statefulSet"],
  schema: 1,
  mixed: ["target", "management"],
  check: (_context, _olds, news) => Promise.resolve(check(news)),
  diff: (context, _id, olds, news) => diff(context, olds, news),

  async create(context, inputs) {
    return { id: idOf(inputs.target), state: await apply(context, inputs, undefined) };
  },

  async read(context, id, state) {
    if (!state) {
      const why = "no server tells its whole configuration";
      throw notImportable("KubernetesRollout", id, why, "nats.kubernetes({ … }) makes it");
    }
    return read(context, state);
  },

  update: (context, _id, olds, news) => apply(context, news, olds),
  // The StatefulSet ends its pods itself.
  delete: () => Promise.resolve(),
};

/** The look ahead has told of every problem already. */
function check(news: KubernetesInputs): Checked<KubernetesInputs> {
  const { problems: _problems, ...rest } = news;
  return {
    inputs: { ...rest, rollout: rest.rollout ?? {}, onDataLoss: rest.onDataLoss ?? "refuse" },
    problems: [],
  };
}

async function diff(context: CallContext, olds: KubernetesState, news: KubernetesInputs): Promise<Diff> {
  const { inputs, unknown, canPlan } = fillUnknowns(asServers(news), asServers(olds));
  const changes: Changes = {
    ...changedPaths(asServers(olds), asServers(news)),
    ...specChanges(olds, news),
  };
  if (!canPlan || isUnknown(news.statefulSet)) {
    return notesOf(changes, ["the configuration is known only after what it depends on: the plan is made then"]);
  }
  const filled = { ...asKubernetes(inputs as ServersState), statefulSet: news.statefulSet };
  const rollout = kubernetesRolloutOf(context, filled, [olds], {
    pending: pendingOf(olds, filled),
    ways: takeWays(filled.target),
  });
  try {
    const edited = await templateEdits(rollout.machine, olds, news);
    if (edited !== undefined) changes["statefulSet.template"] = "update";
    const planned = await planDiff(
      rollout,
      changes,
      unknown.filter((path) => isHeld(asServers(olds) as ServersState, path)),
      context.refreshing ? asLeftBy(context, rollout, olds, filled) : undefined,
    );
    if (edited === undefined) return planned;
    const warn = (what: string): Note => ({
      severity: "warning",
      message: `the StatefulSet was changed by somebody else ${what}: ${edited}`,
    });
    return {
      ...planned,
      notes: [warn("and is put back"), ...(planned.notes ?? [])],
      drift: [warn("and is put back by the next `pulumi up`"), ...(planned.drift ?? [])],
    };
  } finally {
    await rollout.reach.close();
    await rollout.machine.close();
  }
}

/** The rollout that would bring back what the last `up` has left, by the same ways. */
function asLeftBy(
  context: CallContext,
  { machine, reach }: KubernetesRolloutParts,
  olds: KubernetesState,
  inputs: KubernetesInputs,
): KubernetesRolloutParts {
  const left = inputsAsLeft(asServers(inputs), asServers(olds) as ServersState) as ServersState;
  const ways = { api: machine.api, dialer: machine.dialer, reach };
  return kubernetesRolloutOf(context, { ...inputs, ...asKubernetes(left) }, [olds], { ways });
}

/** How a StatefulSet was changed by somebody else: @pulumi/kubernetes looks for that in a refresh only. */
async function templateEdits(
  machine: KubernetesMachine,
  olds: KubernetesState,
  news: KubernetesInputs,
): Promise<string | undefined> {
  const { template } = news.statefulSet;
  if (JSON.stringify(olds.statefulSet) !== JSON.stringify(news.statefulSet) || hasUnknown(template)) return undefined;
  return templateReason(await machine.templateDrift(template));
}

function specChanges(olds: KubernetesState, news: KubernetesInputs): Changes {
  if (isUnknown(news.statefulSet)) return { statefulSet: "update" };
  const keys = new Set([...Object.keys(olds.statefulSet), ...Object.keys(news.statefulSet)]) as Set<"template">;
  const differing = [...keys].filter(
    (key) => JSON.stringify(olds.statefulSet[key]) !== JSON.stringify(news.statefulSet[key]),
  );
  return Object.fromEntries(differing.map((key) => [`statefulSet.${key}`, "update"]));
}

async function apply(
  context: CallContext,
  wanted: KubernetesInputs,
  olds: KubernetesState | undefined,
): Promise<KubernetesState> {
  const rollout = kubernetesRolloutOf(context, wanted, olds ? [olds] : []);
  try {
    await mustBeOurs(rollout.machine, wanted, olds);
    await rollout.machine.putTemplate(wanted.statefulSet.template);
    await growClaims(rollout.machine, wanted);
    const seen = await runRollout(rollout);
    await mustBeReady(rollout.machine, wanted, seen);
    // The StatefulSet makes claims of new pods by its first template for ever.
    await growClaims(rollout.machine, wanted);
    return asKubernetes(stateOf(asServers(wanted), seen));
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const seen = await observe(rollout);
    const reasons = reasonsOf(rollout, seen, error, leftInPods);
    throw new PartialFailure(idOf(wanted.target), asKubernetes(stateOf(asServers(wanted), seen)), reasons);
  } finally {
    await rollout.reach.close();
    await rollout.machine.close();
  }
}

/** Servers that serve and are not ready have no clients: Services don't lead to them. */
async function mustBeReady(machine: KubernetesMachine, wanted: KubernetesInputs, seen: Observation): Promise<void> {
  const results = await Promise.allSettled(Object.keys(wanted.nodes).map((node) => machine.ready(node)));
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [(result.reason as Error).message] : []));
  if (reasons.length === 0) return;
  throw new PartialFailure(idOf(wanted.target), asKubernetes(stateOf(asServers(wanted), seen)), reasons);
}

async function read(
  context: CallContext,
  state: KubernetesState,
): Promise<Live<KubernetesInputs, KubernetesState> | undefined> {
  const rollout = kubernetesRolloutOf(context, state, []);
  try {
    const found = await readFrom(rollout, asServers(state) as ServersState);
    if (!found) return undefined;
    return { inputs: found.inputs as unknown as KubernetesInputs, state: asKubernetes(found.state) };
  } finally {
    await rollout.reach.close();
    await rollout.machine.close();
  }
}
