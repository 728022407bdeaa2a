import type { ObjectName } from "../../model/kubernetes";

/** Where the API server has an object of a namespace. */
export function pathOfKind(namespace: string, { apiVersion, kind, name }: ObjectName): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
}
