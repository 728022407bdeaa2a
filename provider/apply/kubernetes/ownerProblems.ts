import type { Problem } from "../../errors";
import { annotations } from "../../model/kubernetes";
import type { KubernetesInputs, ObjectName } from "../../model/kubernetes";
import { KubeRefusal } from "./kubeApi";
import type { KubeApi } from "./kubeApi";
import { pathOfKind } from "./pathOfKind";
import type { Meta } from "./pods";

interface Found {
  readonly name: ObjectName;
  readonly metadata: Meta | undefined;
}

/** What may not be looked at is no reason to stop. */
const unseen: Meta = { name: "", uid: "" };

/** Objects of somebody else in the places of those that will be made, and objects that were made and are gone. */
export async function ownerProblems(
  api: KubeApi,
  { target, objects = [] }: KubernetesInputs,
  olds: KubernetesInputs | undefined,
): Promise<Problem[]> {
  const isFormer = (name: ObjectName): boolean => olds?.objects?.some((one) => idOf(one) === idOf(name)) ?? false;
  // A state of an earlier version does not say what was made.
  const looked = olds && !olds.objects ? [] : objects;
  const found = await Promise.all(
    looked.map(async (name): Promise<Found> => ({ name, metadata: await look(api, target.namespace, name) })),
  );
  const isOurs = ({ annotations: marks = {} }: Meta): boolean => {
    const owner = marks[annotations.owner];
    return owner !== undefined && [target.owner, olds?.target.owner].includes(owner);
  };
  const foreign = found.filter(
    ({ name, metadata }) => metadata && metadata !== unseen && !isFormer(name) && !isOurs(metadata),
  );
  const gone = found.filter(({ name, metadata }) => !metadata && isFormer(name));
  return [...foreignProblems(foreign, target), ...goneProblems(gone, target.namespace)];
}

function foreignProblems(foreign: readonly Found[], { namespace, owner }: KubernetesInputs["target"]): Problem[] {
  const byOwner = new Map<string, ObjectName[]>();
  for (const { name, metadata } of foreign) {
    const whose = whoseIs(metadata!);
    byOwner.set(whose, [...(byOwner.get(whose) ?? []), name]);
  }
  return [...byOwner].map(([whose, names]) => {
    const list = names.map((name) => `${name.kind} ${namespace}/${name.name}`).join(", ");
    const [are, were] = names.length === 1 ? ["is", "was"] : ["are", "were"];
    const mark = names.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`).join(" ");
    return {
      path: "name",
      reason: `${list} ${are} there already and ${were} ${whose}`,
      fix: `another name, or another namespace; or, for them to become this cluster's: kubectl -n ${namespace} annotate --overwrite ${mark} ${annotations.owner}=${owner}`,
    };
  });
}

function whoseIs({ annotations: marks = {}, labels = {} }: Meta): string {
  const owner = marks[annotations.owner];
  if (owner !== undefined) return `made for ${owner} (<project>/<stack>/<cluster>)`;
  const release = marks["meta.helm.sh/release-name"];
  if (release !== undefined) return `made by the Helm release "${release}"`;
  const manager = labels["app.kubernetes.io/managed-by"];
  return `not made by this package${manager === undefined ? "" : `, but by ${manager}`}`;
}

function goneProblems(gone: readonly Found[], namespace: string): Problem[] {
  if (gone.length === 0) return [];
  const list = gone.map(({ name }) => `${name.kind} ${namespace}/${name.name}`).join(", ");
  const reason = `${list} ${gone.length === 1 ? "is" : "are"} not there, although this cluster has made ${gone.length === 1 ? "it" : "them"}`;
  return [{ path: "target", reason, fix: "pulumi up --refresh", severity: "warning" }];
}

async function look(api: KubeApi, namespace: string, name: ObjectName): Promise<Meta | undefined> {
  try {
    return (await api.find<{ metadata: Meta }>(pathOfKind(namespace, name)))?.metadata;
  } catch (error) {
    if (error instanceof KubeRefusal && error.status === 403) return unseen;
    throw error;
  }
}

function idOf({ kind, name }: ObjectName): string {
  return `${kind} ${name}`;
}
