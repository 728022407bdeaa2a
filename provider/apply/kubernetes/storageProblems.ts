import type { Problem } from "../../errors";
import type { KubernetesInputs } from "../../model/kubernetes";
import { KubeRefusal } from "./kubeApi";
import type { KubeApi } from "./kubeApi";

interface StorageClass {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly allowVolumeExpansion?: boolean;
}

const defaultMark = "storageclass.kubernetes.io/is-default-class";

/** A class that does not exist, or none where one is needed: claims would wait for ever. */
export async function storageProblems(api: KubeApi, { target: { volume } }: KubernetesInputs): Promise<Problem[]> {
  if (!volume) return [];
  const classes = await api.list<StorageClass>("/apis/storage.k8s.io/v1/storageclasses").catch((error: unknown) => {
    if (error instanceof KubeRefusal && error.status === 403) return undefined;
    throw error;
  });
  if (!classes) return [];
  const names = classes.map(({ metadata }) => metadata.name);
  const there = names.length > 0 ? `there are ${names.map((name) => `"${name}"`).join(", ")}` : "there are none at all";
  const fix = names.length > 0 ? `storageClass: "${names[0]}"` : 'volume: { kind: "emptyDir" }, or make a StorageClass';
  if (volume.storageClass === undefined) {
    if (classes.some(({ metadata }) => metadata.annotations?.[defaultMark] === "true")) return [];
    return [{ path: "target.volume.storageClass", reason: `no StorageClass is the default one, ${there}`, fix }];
  }
  if (names.includes(volume.storageClass)) return [];
  const reason = `there is no StorageClass "${volume.storageClass}", ${there}`;
  return [{ path: "target.volume.storageClass", reason, fix }];
}

/** False where claims of the class stay as large as they were made. */
export async function canGrow(api: KubeApi, storageClass: string | undefined): Promise<boolean> {
  if (storageClass === undefined) return true;
  const found = await api
    .find<StorageClass>(`/apis/storage.k8s.io/v1/storageclasses/${storageClass}`)
    .catch(() => undefined);
  return found === undefined || found.allowVolumeExpansion === true;
}
