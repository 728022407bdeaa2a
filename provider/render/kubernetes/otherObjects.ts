import { annotations, keyOf, objectNames } from "../../model/kubernetes";
import { configFile, nodeFile, secretsFile } from "../../model/nodeFiles";
import { objectLabels, ownAnnotations, selectorLabels } from "./labels";
import type { Manifest } from "./manifest";
import type { KubernetesSettings } from "./settings";

/** What everybody may read: nats.conf, node.conf and certificates. */
export function configMap(
  settings: KubernetesSettings,
  texts: { readonly config: unknown; readonly nodeConf: unknown; readonly files: Readonly<Record<string, unknown>> },
): Manifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(settings, objectNames(settings.name).config),
    data: { [keyOf(configFile)]: texts.config, [keyOf(nodeFile)]: texts.nodeConf, ...byKey(texts.files) },
  };
}

/** What only the servers may read: passwords, keys. The texts are in base64. */
export function secret(
  settings: KubernetesSettings,
  texts: { readonly secrets: unknown; readonly files: Readonly<Record<string, unknown>> },
): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(settings, objectNames(settings.name).secrets),
    type: "Opaque",
    data: { [keyOf(secretsFile)]: texts.secrets, ...byKey(texts.files) },
  };
}

/** Nobody who drains nodes takes a second server before the first is back. */
export function podDisruptionBudget(settings: KubernetesSettings): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(settings, settings.name),
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(settings) } },
  };
}

/** The servers need nothing of the Kubernetes API, so they get no token of it. */
export function serviceAccount(settings: KubernetesSettings): Manifest {
  const { name, annotations: further } = settings.serviceAccount;
  const own = metadata(settings, name);
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...own, annotations: { ...own.annotations, ...further } },
    automountServiceAccountToken: false,
  };
}

export function namespace(settings: KubernetesSettings, labels: Readonly<Record<string, string>>): Manifest {
  const { labels: own, annotations: marks = {} } = metadata(settings, settings.namespace);
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: settings.namespace, labels: { ...own, ...labels }, annotations: unowned(marks) },
  };
}

function metadata(settings: KubernetesSettings, name: string): Manifest["metadata"] {
  return {
    name,
    namespace: settings.namespace,
    labels: objectLabels(settings),
    annotations: ownAnnotations(settings),
  };
}

/** A namespace may hold several clusters. */
function unowned({ [annotations.owner]: _owner, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return rest;
}

function byKey(files: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [keyOf(path), text]));
}
