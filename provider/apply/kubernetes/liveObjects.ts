import { NatsError } from "../../errors";
import { annotations, claimName, objectNames, ordinalOf, serverContainer } from "../../model/kubernetes";
import type { KubernetesTargetInputs, PodTemplate } from "../../model/kubernetes";
import type { PodData } from "../../render/kubernetes/podFiles";
import { selectorLabels } from "../../render/kubernetes/labels";
import { KubeRefusal } from "./kubeApi";
import type { KubeApi } from "./kubeApi";
import type { ClaimSeen, ControllerRevision, Pod, StatefulSetSeen } from "./pods";

/** How long a list of pods counts as new, in milliseconds: several questions are asked at the same moment. */
const fresh = 100;

/** The objects of one cluster, as the API server has them. */
export class LiveObjects {
  readonly #api: KubeApi;
  readonly #target: KubernetesTargetInputs;
  readonly #asked = new Map<string, Promise<unknown>>();
  #pods: { readonly at: number; readonly list: Promise<Pod[]> } | undefined;

  constructor(api: KubeApi, target: KubernetesTargetInputs) {
    this.#api = api;
    this.#target = target;
  }

  async pods(): Promise<Pod[]> {
    if (!this.#pods || Date.now() - this.#pods.at > fresh) {
      const labelSelector = Object.entries(selectorLabels(this.#target))
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      this.#pods = { at: Date.now(), list: this.#api.list<Pod>(this.#path("pods"), { labelSelector }) };
    }
    const pods = await this.#pods.list;
    return pods.filter(({ metadata }) => ordinalOf(this.#target.name, metadata.name) !== undefined);
  }

  async pod(name: string): Promise<Pod | undefined> {
    return (await this.pods()).find(({ metadata }) => metadata.name === name);
  }

  statefulSet(): Promise<StatefulSetSeen | undefined> {
    return this.#once(this.#statefulSetPath());
  }

  revision(name: string): Promise<ControllerRevision | undefined> {
    return this.#once(this.#path("controllerrevisions", name, "/apis/apps/v1"));
  }

  /** The StatefulSet with another pod template, as the API server would have it, or (without `dryRun`) has it from now on. */
  async withTemplate(template: PodTemplate, options: { readonly dryRun: boolean }): Promise<StatefulSetSeen> {
    const made = await this.#api.patchTyped<StatefulSetSeen>(this.#statefulSetPath(), { spec: { template } }, options);
    if (!options.dryRun) this.#asked.clear();
    return made;
  }

  claim(pod: string): Promise<ClaimSeen | undefined> {
    return this.#api.find(this.#claimPath(pod));
  }

  /** ConfigMap and Secret; undefined where neither is there. */
  async data(): Promise<PodData | undefined> {
    const { config, secrets } = objectNames(this.#target.name);
    const [configMap, secret] = await Promise.all([
      this.#once<{ data?: Record<string, string> }>(this.#path("configmaps", config)),
      this.#once<{ data?: Record<string, string> }>(this.#path("secrets", secrets)),
    ]);
    if (!configMap && !secret) return undefined;
    const decoded = Object.entries(secret?.data ?? {}).map(([key, value]): [string, string] => [
      key,
      Buffer.from(value, "base64").toString("utf8"),
    ]);
    return { config: configMap?.data ?? {}, secret: Object.fromEntries(decoded) };
  }

  /** Makes both as wanted, where they are not. */
  async writeData(wanted: PodData): Promise<void> {
    const found = await this.data();
    if (!found) throw new NatsError(`ConfigMap and Secret of ${this.#target.name} are not there`);
    const names = objectNames(this.#target.name);
    const config = changed(found.config, wanted.config, (text) => text);
    const secret = changed(found.secret, wanted.secret, (text) => Buffer.from(text, "utf8").toString("base64"));
    if (secret) await this.#api.patch(this.#path("secrets", names.secrets), { data: secret });
    if (config) await this.#api.patch(this.#path("configmaps", names.config), { data: config });
    this.#asked.clear();
  }

  /** A changed pod is looked at by its kubelet at once, volumes too. */
  async announce(pod: string): Promise<void> {
    await this.annotatePod(pod, { [annotations.files]: new Date().toISOString() });
  }

  /** A pod that has gone meanwhile needs no mark: its successor starts with what there is. */
  async annotatePod(pod: string, values: Readonly<Record<string, string>>): Promise<void> {
    this.#pods = undefined;
    await this.#api.patch(this.#path("pods", pod), { metadata: { annotations: values } }).catch((error: unknown) => {
      if (!(error instanceof KubeRefusal && error.status === 404)) throw error;
    });
  }

  async annotateClaim(pod: string, values: Readonly<Record<string, string | null>>): Promise<void> {
    await this.#api.patch(this.#claimPath(pod), { metadata: { annotations: values } });
  }

  async growClaim(pod: string, storage: string): Promise<void> {
    await this.#api.patch(this.#claimPath(pod), { spec: { resources: { requests: { storage } } } });
  }

  async scale(replicas: number): Promise<void> {
    await this.#api.patch(this.#statefulSetPath(), { spec: { replicas } });
    this.#asked.clear();
  }

  async deletePod({ metadata: { name, uid } }: Pod, graceSeconds?: number): Promise<boolean> {
    this.#pods = undefined;
    return this.#api.delete(this.#path("pods", name), {
      uid,
      ...(graceSeconds === undefined ? {} : { graceSeconds }),
    });
  }

  deleteClaim(pod: string): Promise<boolean> {
    return this.#api.delete(this.#claimPath(pod));
  }

  /** End of the server's log; of the one before too where this one has just started. */
  async log(pod: string, lines: number): Promise<string> {
    const read = (previous: boolean): Promise<string> =>
      this.#api
        .text(`${this.#path("pods", pod)}/log`, { container: serverContainer, tailLines: lines, previous })
        .catch(() => "");
    const [before, now] = await Promise.all([read(true), read(false)]);
    return `${before}${now}`.trimEnd().split("\n").slice(-lines).join("\n");
  }

  /** Questions of the same moment share an answer: all servers are looked at together. */
  #once<Found>(path: string): Promise<Found | undefined> {
    const running = this.#asked.get(path);
    if (running) return running as Promise<Found | undefined>;
    const asked = this.#api.find<Found>(path);
    this.#asked.set(path, asked);
    const forget = (): void => void (this.#asked.get(path) === asked && this.#asked.delete(path));
    asked.then(forget, forget);
    return asked;
  }

  #statefulSetPath(): string {
    return this.#path("statefulsets", this.#target.name, "/apis/apps/v1");
  }

  #claimPath(pod: string): string {
    return this.#path("persistentvolumeclaims", `${claimName}-${pod}`);
  }

  #path(kind: string, name?: string, root = "/api/v1"): string {
    return `${root}/namespaces/${this.#target.namespace}/${kind}${name === undefined ? "" : `/${name}`}`;
  }
}

/** Merge patch of a map of texts; undefined where nothing differs. */
function changed(
  found: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  encode: (text: string) => string,
): Record<string, string | null> | undefined {
  const patch: Record<string, string | null> = {};
  for (const [key, text] of Object.entries(wanted)) if (found[key] !== text) patch[key] = encode(text);
  for (const key of Object.keys(found)) if (!Object.hasOwn(wanted, key)) patch[key] = null;
  return Object.keys(patch).length === 0 ? undefined : patch;
}
