import { deployment, helperLabels } from "../kubernetes/deployment";
import type { DeploymentSettings, PodVolume } from "../kubernetes/deployment";
import type { Manifest } from "../kubernetes/manifest";
import { nackGroup } from "./crds";

export interface NackSettings extends Pick<
  DeploymentSettings,
  "name" | "namespace" | "labels" | "image" | "imagePullPolicy" | "imagePullSecrets" | "resources" | "podAnnotations"
> {
  /** Only objects of its own namespace count. */
  readonly namespaced: boolean;
  readonly readOnly: boolean;
  /** As Go writes it: "1m". */
  readonly syncInterval?: string | undefined;
  /** Secret with the files by which it connects, if it does so for objects that say nothing else. */
  readonly secret?: string;
}

/** Files of the Secret, by the option that names them. */
export const credentialFiles = {
  creds: "user.creds",
  nkey: "user.nk",
  tlsca: "ca.pem",
  tlscert: "client.pem",
  tlskey: "client.key",
} as const;
export type CredentialOption = keyof typeof credentialFiles;

const credentials = "/etc/nack";
const cache = "/var/cache/nack";

/** The controller's arguments: nothing of them is secret. */
export function nackArgs(
  settings: NackSettings,
  servers: readonly string[],
  options: readonly CredentialOption[],
  tlsFirst: boolean,
): string[] {
  return [
    "--control-loop",
    ...(servers.length > 0 ? ["-s", servers.join(",")] : ["--crd-connect"]),
    ...options.map((option) => `--${option}=${credentials}/${credentialFiles[option]}`),
    ...(tlsFirst ? ["--tlsfirst"] : []),
    ...(settings.namespaced ? [`--namespace=${settings.namespace}`] : []),
    ...(settings.readOnly ? ["--read-only"] : []),
    ...(settings.syncInterval === undefined ? [] : [`--sync-interval=${settings.syncInterval}`]),
    `--cache-dir=${cache}`,
  ];
}

export function nackDeployment(settings: NackSettings, args: unknown): Manifest {
  const { name, secret } = settings;
  const volumes: PodVolume[] = [{ name: "cache", mountPath: cache }];
  if (secret !== undefined) volumes.push({ name: "credentials", mountPath: credentials, secret });
  return deployment({
    ...settings,
    app: "nack",
    args,
    ports: { health: 8081 },
    probes: { ready: { path: "/readyz", port: "health" }, alive: { path: "/healthz", port: "health" } },
    volumes,
    serviceAccountName: name,
    user: 1000,
  });
}

/** The controller's account in Kubernetes, and what it may do there. */
export function nackAccess(settings: NackSettings): Manifest[] {
  const { name, namespace, namespaced } = settings;
  const labels = helperLabels({ ...settings, app: "nack" });
  const [role, binding] = namespaced ? ["Role", "RoleBinding"] : ["ClusterRole", "ClusterRoleBinding"];
  // What is not in a namespace has the namespace in its name: two controllers don't share it.
  const metadata = namespaced ? { name, namespace, labels } : { name: `${namespace}-${name}`, labels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, labels } },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: role, metadata, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: binding,
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: role, name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}

const plurals = ["streams", "consumers", "keyvalues", "objectstores", "accounts"];

const rules = [
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  // Accounts name Secrets by which it connects.
  { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
  { apiGroups: [nackGroup], resources: plurals, verbs: ["get", "list", "watch", "update", "patch"] },
  { apiGroups: [nackGroup], resources: plurals.map((plural) => `${plural}/status`), verbs: ["get", "update", "patch"] },
  { apiGroups: [nackGroup], resources: plurals.map((plural) => `${plural}/finalizers`), verbs: ["update"] },
];
