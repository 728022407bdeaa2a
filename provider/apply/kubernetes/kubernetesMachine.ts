import { createHash } from "node:crypto";
import { NatsError } from "../../errors";
import { annotations, claimName, objectNames, ordinalOf } from "../../model/kubernetes";
import type { KubernetesInputs, PodTemplate } from "../../model/kubernetes";
import { nodeFile, nodeFiles } from "../../model/nodeFiles";
import type { GenerationFiles } from "../../model/nodeFiles";
import type { ServersInputs } from "../../model/servers";
import { parseNode } from "../../model/nodeConf";
import { templateChanges, templateReason } from "../../plan/podTemplate";
import { podConf } from "../../render/kubernetes/podConf";
import type { EnvVar } from "../../render/kubernetes/podConf";
import { podData, podFiles } from "../../render/kubernetes/podFiles";
import type { Machine, NodeFolder, OwnerSeen, PortHolder, ServerProcess } from "../machine/machine";
import { waitFor, WaitTimeout } from "../wait";
import { KubeRefusal } from "./kubeApi";
import type { KubeApi } from "./kubeApi";
import { execInPod } from "./execInPod";
import { LiveObjects } from "./liveObjects";
import { PortForward } from "./portForward";
import { hopeless, isCrashing, isEnding, isPending, isReady, runningServer, wordsOf } from "./pods";
import type { Pod, StatefulSetSeen } from "./pods";

/** What ConfigMap and Secret hold. */
const live = "live";
/** What they held before @pulumi/kubernetes wrote what is wanted now. */
const former = "former";
/** Milliseconds for a pod that has had its time. */
const secondLook = 500;
/** Seconds that a pod gets to end by each signal; by USR2, as long as its template says. */
const grace: Readonly<Record<string, number>> = { SIGTERM: 12, SIGINT: 4, SIGKILL: 1 };

export interface KubernetesMachineOptions {
  readonly api: KubeApi;
  /** Inputs whose files are on the pods, or will be. */
  readonly inputs: KubernetesInputs;
  /** Those of the last run, to go back to. */
  readonly former?: KubernetesInputs | undefined;
  /** Longest wait for a pod, in milliseconds. */
  readonly timeout: number;
  /** In a preview: what becomes of the StatefulSet's pod template. */
  readonly pending?: PendingTemplate;
  /** One that is there already; default its own. */
  readonly dialer?: PortForward | undefined;
}

export interface PendingTemplate {
  /** As the program wants it; absent where parts of it are known only after the apply. */
  readonly template?: PodTemplate;
  /** Why pods will restart, where the API server can't be asked what the template would become. */
  readonly reason?: string | undefined;
}

/**
 * The pods of a StatefulSet as a machine: "stopping" a server is deleting its pod, and the StatefulSet makes the next one by
 * itself. All pods read the same files, so that a switch is a change of ConfigMap and Secret.
 */
export class KubernetesMachine implements Machine {
  readonly label: string;
  readonly dir: string;
  readonly dialer: PortForward;
  readonly api: KubeApi;
  readonly objects: LiveObjects;
  readonly #options: KubernetesMachineOptions;
  readonly #env: readonly EnvVar[];
  readonly #staged = new Map<string, GenerationFiles>();
  /** Generation by pod: what was staged for it last, and what it was switched to. */
  readonly #next = new Map<string, string>();
  readonly #chosen = new Map<string, string>();
  /** Pods that were ended and whose successors do not count before they are started. */
  readonly #ended = new Map<string, string>();
  /** Pods that were waited for in vain before a container of theirs ran, so that no file can be the reason. */
  readonly #neverRan = new Set<string>();
  #answer: Promise<StatefulSetSeen | undefined> | undefined;

  constructor(options: KubernetesMachineOptions) {
    const { api, inputs } = options;
    const { target, nodes } = inputs;
    this.#options = options;
    this.api = api;
    this.label = `Kubernetes, namespace ${target.namespace}`;
    this.dir = `StatefulSet ${target.namespace}/${target.name}`;
    this.objects = new LiveObjects(api, target);
    const [first] = Object.entries(nodes);
    this.#env = first ? podConf(first[1].config, first[0]).env : [];
    const pods = Object.fromEntries(ordinals(inputs).map((pod) => [this.addressOf(pod), [pod]]));
    this.dialer =
      options.dialer ?? new PortForward({ kind: "kubernetes", namespace: target.namespace, pods, ...api.access });
  }

  hostOf(node: string): string {
    return `pod ${this.#options.inputs.target.namespace}/${node}`;
  }

  addressOf(node: string): string {
    const { name, namespace } = this.#options.inputs.target;
    return `${node}.${objectNames(name).headless}.${namespace}.svc`;
  }

  owners(): Promise<OwnerSeen[]> {
    return Promise.resolve([]);
  }

  writeOwner(): Promise<void> {
    return Promise.resolve();
  }

  lock(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }

  /** Without pods that are as good as gone: their object outlives the server by the time that volumes are let go. */
  async nodes(): Promise<string[]> {
    const there = (await this.objects.pods()).filter((pod) => !isEnding(pod) || runningServer(pod));
    return there.map(({ metadata }) => metadata.name);
  }

  async folder(node: string): Promise<NodeFolder | undefined> {
    const [pod, data] = await Promise.all([this.objects.pod(node), this.objects.data()]);
    if (!pod || !data) return undefined;
    const reason = await this.#restartReason(node);
    return {
      current: live,
      switchedAt: undefined,
      generations: [...(this.#formerFiles(node) ? [former] : []), live, ...this.#staged.keys()],
      restartMark: reason === undefined ? undefined : { reason, markedAt: Number.MAX_SAFE_INTEGER },
      removedAt: undefined,
    };
  }

  async readGeneration(node: string, generation: string): Promise<GenerationFiles | undefined> {
    if (generation === former) return this.#formerFiles(node);
    if (generation !== live) return this.#staged.get(generation);
    const data = await this.objects.data();
    return data && podFiles(data, this.#env, node);
  }

  writeGeneration(node: string, files: GenerationFiles): Promise<string> {
    if (!files[nodeFile]) {
      const reason = `${node} would need a configuration of its own on the way, and all pods read the same`;
      return Promise.reject(new NatsError(`${reason}. Fix: the change in two steps, an \`up\` for each`));
    }
    const name = `staged-${createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12)}`;
    this.#staged.set(name, files);
    this.#next.set(node, name);
    return Promise.resolve(name);
  }

  async switchTo(node: string, generation: string): Promise<void> {
    this.#chosen.set(node, generation);
    const files = generation === live ? undefined : await this.readGeneration(node, generation);
    if (files) await this.objects.writeData(podData(files, node));
    await this.announceFiles(files ? undefined : [node]);
  }

  /** Lets kubelets bring ConfigMap and Secret to these pods at once, and not in their own time; default to all of them. */
  async announceFiles(nodes?: readonly string[]): Promise<void> {
    const there = (await this.objects.pods()).filter((pod) => !isEnding(pod)).map(({ metadata }) => metadata.name);
    const told = there.filter((name) => nodes?.includes(name) ?? true);
    await Promise.all(told.map((name) => this.objects.announce(name)));
  }

  /** Digest of what a pod was switched to. */
  async expectedDigest(node: string, version: string): Promise<string | undefined> {
    const files = await this.readGeneration(node, this.#chosen.get(node) ?? live);
    return files && parseNode(files).digestFor(version);
  }

  prune(): Promise<void> {
    return Promise.resolve();
  }

  markRestart(node: string, reason: string): Promise<void> {
    return this.objects.annotatePod(node, { [annotations.restart]: reason });
  }

  markRemoved(): Promise<void> {
    // The claim says it.
    return Promise.resolve();
  }

  async remove(node: string, { data }: { readonly data: boolean }): Promise<string | undefined> {
    if (data) await this.objects.deleteClaim(node);
    return undefined;
  }

  async setDataAside(node: string): Promise<string | undefined> {
    if (!(await this.objects.claim(node))) return undefined;
    await this.objects.annotateClaim(node, { [annotations.removed]: new Date().toISOString() });
    return `PersistentVolumeClaim ${claimName}-${node}`;
  }

  /** The look ahead has asked: by now ConfigMap and Secret are what is wanted. */
  validate(): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  async start(node: string): Promise<ServerProcess> {
    this.#ended.delete(node);
    const ordinal = this.#ordinalOf(node);
    const set = await this.objects.statefulSet();
    // Others may be started at the same moment: it wants all of them.
    if (set && set.spec.replicas <= ordinal) await this.objects.scale(this.#wantedReplicas());
    let isAnew = await this.#replaceBroken(node, set?.status.updateRevision);
    let last: Pod | undefined;
    // Another configuration does not help what no node takes: that is not waited for twice.
    const timeout = this.#neverRan.has(node) ? secondLook : this.#options.timeout;
    try {
      return await waitFor<ServerProcess>(`${node} did not start`, { timeout, interval: 150 }, async () => {
        const pod = (last = await this.objects.pod(node));
        const lost = pod && !isEnding(pod) ? hopeless(pod) : undefined;
        if (lost !== undefined && !isAnew && isCrashing(pod!)) {
          // It ended by what it was started with; what it would find now may be better.
          isAnew = true;
          await this.objects.deletePod(pod!, grace["SIGKILL"]);
          return { pending: lost };
        }
        if (lost !== undefined) throw new NatsError(`${node} does not start: ${lost}${await this.#lastWords(node)}`);
        const [server] = await this.processes(node);
        return server && pod && !isEnding(pod) ? { value: server } : { pending: wordsOf(pod) };
      });
    } catch (error) {
      if (error instanceof WaitTimeout && (!last || isPending(last))) this.#neverRan.add(node);
      throw error;
    }
  }

  /** What the pod template has otherwise than the program wants it, in words; the API server itself compares. */
  async templateDrift(template: PodTemplate): Promise<string[]> {
    const [set, shall] = await Promise.all([this.objects.statefulSet(), this.#would(template)]);
    return set && shall ? templateChanges(set.spec.template, shall.spec.template) : [];
  }

  /** Makes the pod template what the program wants, where somebody else has changed it. */
  async putTemplate(template: PodTemplate): Promise<void> {
    const set = await this.objects.statefulSet();
    const made = await this.objects.withTemplate(template, { dryRun: false });
    if (set?.metadata.generation !== made.metadata.generation) await this.isObserved();
  }

  /** Waits until the StatefulSet's controller knows what the StatefulSet wants now; false where there is none. */
  async isObserved(): Promise<boolean> {
    return waitFor<boolean>(`${this.dir}: its controller takes no notice`, { timeout: 60_000 }, async () => {
      const set = await this.objects.statefulSet();
      if (!set) return { value: false };
      const [seen = 0, wanted = 0] = [set.status.observedGeneration, set.metadata.generation];
      return seen >= wanted ? { value: true } : { pending: `generation ${seen} of ${wanted}` };
    });
  }

  /** Waits until Services lead to a pod, its sidecars included. */
  async ready(node: string): Promise<void> {
    await waitFor(`${node} is not ready`, { timeout: this.#options.timeout, interval: 150 }, async () => {
      const pod = await this.objects.pod(node);
      const lost = pod && hopeless(pod);
      if (lost !== undefined) throw new NatsError(`${node} serves, but its pod is not ready: ${lost}`);
      return pod && isReady(pod) ? { value: undefined } : { pending: wordsOf(pod) };
    });
  }

  async processes(node: string): Promise<ServerProcess[]> {
    const pod = await this.objects.pod(node);
    const server = pod && runningServer(pod);
    const ended = this.#ended.get(node);
    if (!server || (ended !== undefined && ended !== pod.metadata.uid)) return [];
    return [{ pid: 1, identity: `${pod.metadata.uid}/${server.containerID}`, binary: server.image }];
  }

  async signal(node: string, process: ServerProcess, signal: string): Promise<boolean> {
    const pod = await this.objects.pod(node);
    if (!pod || !process.identity.startsWith(`${pod.metadata.uid}/`)) return false;
    if (signal === "SIGHUP") {
      const { api, inputs } = this.#options;
      await execInPod(api, inputs.target.namespace, node, ["nats-server", "--signal", "reload=1"]);
      return true;
    }
    this.#ended.set(node, pod.metadata.uid);
    if (this.#options.inputs.nodes[node] === undefined) {
      await this.rest(node);
      return true;
    }
    // Its successor starts at once, and must find what it shall run.
    const next = this.#chosen.get(node) ?? this.#next.get(node);
    if (next !== undefined && next !== live) await this.switchTo(node, next);
    return this.objects.deletePod(pod, grace[signal]);
  }

  /** A StatefulSet would make the pod of a server that goes again: it must want one less. */
  async rest(node: string): Promise<void> {
    if (this.#options.inputs.nodes[node] !== undefined) return;
    const ordinal = this.#ordinalOf(node);
    const set = await this.objects.statefulSet();
    if (set && set.spec.replicas > ordinal) await this.objects.scale(ordinal);
  }

  logTail(node: string, lines: number): Promise<string> {
    return this.objects.log(node, lines);
  }

  portHolder(): Promise<PortHolder | undefined> {
    return Promise.resolve(undefined);
  }

  async close(): Promise<void> {
    await this.dialer.close();
    this.#options.api.close();
  }

  /** A pod that never came up stays as it was made, whatever its template has become since. */
  async #replaceBroken(node: string, wanted: string | undefined): Promise<boolean> {
    const pod = await this.objects.pod(node);
    if (!pod || runningServer(pod)) return false;
    const runs = pod.metadata.labels?.["controller-revision-hash"];
    const isOld = wanted !== undefined && runs !== undefined && runs !== wanted;
    return (isOld || hopeless(pod) !== undefined) && this.objects.deletePod(pod, grace["SIGKILL"]);
  }

  #formerFiles(node: string): GenerationFiles | undefined {
    const inputs = this.#options.former;
    return inputs?.nodes[node] && nodeFiles(inputs as unknown as ServersInputs, node);
  }

  async #lastWords(node: string): Promise<string> {
    const log = await this.logTail(node, 8);
    return log === "" ? "" : `\nEnd of the log of ${node}:\n${log}`;
  }

  #wantedReplicas(): number {
    return Math.max(...Object.keys(this.#options.inputs.nodes).map((node) => this.#ordinalOf(node) + 1));
  }

  /** The StatefulSet with that template; undefined where the API server does not say. */
  #would(template: PodTemplate): Promise<StatefulSetSeen | undefined> {
    this.#answer ??= this.objects.withTemplate(template, { dryRun: true }).catch((error: unknown) => {
      // Admission webhooks may not know of dry runs.
      if (error instanceof KubeRefusal) return undefined;
      throw error;
    });
    return this.#answer;
  }

  #ordinalOf(node: string): number {
    return ordinalOf(this.#options.inputs.target.name, node) ?? 0;
  }

  /** Why a pod that serves must be made anew: its own mark, or a template that is no longer the StatefulSet's. */
  async #restartReason(node: string): Promise<string | undefined> {
    const [pod, set] = await Promise.all([this.objects.pod(node), this.objects.statefulSet()]);
    const marked = pod?.metadata.annotations?.[annotations.restart];
    if (marked !== undefined) return marked;
    const { template, reason } = this.#options.pending ?? {};
    const shall = template && (await this.#would(template));
    if (!shall && reason !== undefined) return reason;
    const [runs, wanted] = [pod?.metadata.labels?.["controller-revision-hash"], set?.status.updateRevision];
    if (!set || runs === undefined || wanted === undefined) return undefined;
    const isThere = !shall || shall.metadata.generation === set.metadata.generation;
    if (isThere && runs === wanted) return undefined;
    const [from, to] = await Promise.all([
      this.objects.revision(runs),
      isThere ? this.objects.revision(wanted).then((found) => found?.data?.spec?.template) : shall.spec.template,
    ]);
    if (!from || !to) return "its pod is of an older template";
    return templateReason(templateChanges(from.data?.spec?.template, to));
  }
}

/** Every pod that is wanted, and some beyond: those that go must be reached too. */
function ordinals({ target, nodes }: KubernetesInputs): string[] {
  const most = Math.max(...Object.keys(nodes).map((node) => ordinalOf(target.name, node) ?? 0), 0);
  return Array.from({ length: most + 100 }, (_, ordinal) => `${target.name}-${ordinal}`);
}
