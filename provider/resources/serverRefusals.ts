import { isDeepStrictEqual } from "node:util";
import { checkInPod } from "../apply/kubernetes/checkInPod";
import { may } from "../apply/kubernetes/permissionProblems";
import type { Observation } from "../apply/rollout/observe";
import { NatsError } from "../errors";
import type { Problem } from "../errors";
import { serverContainer } from "../model/kubernetes";
import type { KubernetesInputs, PodTemplate } from "../model/kubernetes";
import { nodeFiles } from "../model/nodeFiles";
import { asServers } from "./kubernetesCluster";
import type { KubernetesRolloutParts } from "./kubernetesCluster";

/**
 * What the server itself says against texts that are new to the pods, while these still have the old ones: asked of one that
 * runs the wanted version. Nobody is asked where no such pod runs, or the kubeconfig's user may not.
 */
export async function serverRefusals(
  { machine }: KubernetesRolloutParts,
  seen: Observation,
  olds: KubernetesInputs | undefined,
  wanted: KubernetesInputs,
): Promise<Problem[]> {
  const nodes = [...seen.nodes.values()].filter(({ name }) => wanted.nodes[name]);
  const isNew = nodes.some(({ files, isLoaded }) => files.length > 0 || !isLoaded);
  const judge = nodes.find(({ state, version }) => state === "running" && version === wanted.version);
  if (!isNew || !judge || !olds || !seesTheSame(olds.statefulSet.template, wanted.statefulSet.template)) return [];
  const { namespace } = wanted.target;
  if (!(await may(machine.api, namespace, { verb: "create", resource: "pods", subresource: "exec" }))) return [];
  const files = nodeFiles(asServers(wanted), judge.name);
  try {
    const said = await checkInPod(machine.api, namespace, judge.name, files);
    if (said === undefined) return [];
    return [{ path: "config", reason: `nats-server ${wanted.version} refuses the configuration: ${said}` }];
  } catch (error) {
    if (!(error instanceof NatsError)) throw error;
    const reason = `the server's own check could not be asked: ${error.message}`;
    return [
      { path: "config", reason, fix: "an `image` with a shell, as nats:<version>-alpine has one", severity: "warning" },
    ];
  }
}

/** A pod judges by what it has mounted: with other volumes it might miss a file that will be there. */
function seesTheSame(now: PodTemplate, then: PodTemplate): boolean {
  return isDeepStrictEqual(mountsOf(now), mountsOf(then));
}

interface Named {
  readonly name: string;
  readonly volumeMounts?: unknown;
}

function mountsOf({ spec }: PodTemplate): unknown {
  const containers = (spec?.["containers"] ?? []) as readonly Named[];
  const volumes = (spec?.["volumes"] ?? []) as readonly Named[];
  return {
    mounts: containers.find(({ name }) => name === serverContainer)?.volumeMounts,
    // The one with the files that it is asked about.
    volumes: volumes.filter(({ name }) => name !== "config"),
  };
}
