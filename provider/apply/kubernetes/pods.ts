import { serverContainer } from "../../model/kubernetes";
import type { PodTemplate, StatefulSetSpec } from "../../model/kubernetes";

/** The parts of API objects that are looked at. */
export interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Pod {
  readonly metadata: Meta;
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    /** Of a pod that failed as a whole: "Evicted". */
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly containerID?: string;
  readonly restartCount: number;
  readonly state?: {
    readonly running?: { readonly startedAt: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: Ended;
  };
  readonly lastState?: { readonly terminated?: Ended };
}

interface Ended {
  readonly reason?: string;
  readonly exitCode: number;
}

export interface StatefulSetSeen {
  readonly metadata: Meta;
  readonly spec: StatefulSetSpec & { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly updateRevision?: string;
  };
}

export interface ControllerRevision {
  readonly data?: { readonly spec?: { readonly template?: PodTemplate } };
}

export interface ClaimSeen {
  readonly metadata: Meta;
  readonly spec: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
  readonly status: { readonly phase: string; readonly capacity?: { readonly storage?: string } };
}

/** The server's container, while it runs. */
export function runningServer(pod: Pod): ContainerStatus | undefined {
  const status = pod.status.containerStatuses?.find(({ name }) => name === serverContainer);
  return status?.state?.running ? status : undefined;
}

/** Why a pod will not come up without help; undefined while it still may. */
export function hopeless(pod: Pod): string | undefined {
  const known = [
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "ErrImageNeverPull",
    "ImagePullBackOff",
    "InvalidImageName",
    "RunContainerError",
  ];
  const isLost = pod.status.containerStatuses?.some(({ state }) => known.includes(state?.waiting?.reason ?? ""));
  return isLost ? wordsOf(pod) : undefined;
}

/** True where its container ends again and again, with longer and longer pauses. */
export function isCrashing(pod: Pod): boolean {
  return pod.status.containerStatuses?.some(({ state }) => state?.waiting?.reason === "CrashLoopBackOff") ?? false;
}

/** True as long as not every container of it has been started: no node takes it, or its image or volumes are not there yet. */
export function isPending(pod: Pod): boolean {
  return pod.status.phase === "Pending";
}

/** True from its deletion on; the object stays until its kubelet has cleaned up. */
export function isEnding(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** True where Services lead to it. */
export function isReady(pod: Pod): boolean {
  const ready = pod.status.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" && !isEnding(pod);
}

/** How a pod stands, in words. */
export function wordsOf(pod: Pod | undefined): string {
  if (!pod) return "the pod is not there";
  if (isEnding(pod)) return "the pod is ending";
  for (const { name, state, lastState } of pod.status.containerStatuses ?? []) {
    const { waiting, terminated: ended = lastState?.terminated } = state ?? {};
    if (!waiting && !state?.terminated) continue;
    const parts = [waiting?.reason, waiting?.message, ended && endOf(ended)].filter(Boolean);
    const fix = waiting && fixes[ended?.reason === "OOMKilled" ? "OOMKilled" : (waiting.reason ?? "")];
    return `container ${name}: ${parts.join(", ")}${fix === undefined ? "" : `. Fix: ${fix}`}`;
  }
  const { phase, reason, message, conditions } = pod.status;
  if (phase === "Failed")
    return [`the pod failed: ${reason ?? "no reason is given"}`, message].filter(Boolean).join(", ");
  const unmet = conditions?.find((one) => one.status === "False" && one.message);
  if (!unmet) return `phase ${phase}`;
  const fix = fixes[unmet.reason ?? ""];
  return `${unmet.reason}: ${unmet.message}${fix === undefined ? "" : ` Fix: ${fix}`}`;
}

function endOf({ reason, exitCode }: Ended): string {
  return `ended with code ${exitCode}${reason === undefined || reason === "Error" ? "" : ` (${reason})`}`;
}

const pullFix = "an `image` that the nodes can pull, or `imagePullSecrets` for its registry";

/** What helps, by the reason that Kubernetes gives. */
const fixes: Readonly<Record<string, string>> = {
  ErrImageNeverPull: pullFix,
  ErrImagePull: pullFix,
  ImagePullBackOff: pullFix,
  InvalidImageName: pullFix,
  OOMKilled: "a larger `resources.limits.memory`, or a smaller `jetstream.maxMemoryStore`",
  Unschedulable:
    "nodes with room for the pod, or other `resources.requests`, `nodeSelector`, `affinity` or `tolerations`",
};
