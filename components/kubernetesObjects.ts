import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { ObjectName } from "../provider/model/kubernetes";
import type { Manifest } from "../provider/render/kubernetes/manifest";
import type { KubernetesArgs, KubernetesKind, KubernetesObject } from "./kubernetesArgs";
import { kubernetesSdk } from "./kubernetesSdk";
import { transformObject } from "./transformObject";

/** Fields of a StatefulSet that Kubernetes never changes: a new value would replace it, and all pods at once. */
const frozen = ["serviceName", "podManagementPolicy", "selector", "volumeClaimTemplates"].map((key) => `spec.${key}`);

/** By these the rollout finds its objects. */
const identity = ["apiVersion", "kind", "metadata.name", "metadata.namespace"] as const;

type Make = (name: string, args: never, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Makes the objects of one cluster as typed resources, each after the program's own transform. */
export class KubernetesObjects {
  /** All that were made so far. */
  readonly made: pulumi.CustomResource[] = [];
  /** Those of them that are in the namespace. */
  readonly names: ObjectName[] = [];
  /** What is wrong with the transforms so far. */
  readonly problems: Problem[] = [];
  readonly #name: string;
  readonly #transform: NonNullable<KubernetesArgs["transform"]>;
  readonly #options: pulumi.CustomResourceOptions;

  constructor(name: string, transform: KubernetesArgs["transform"], options: pulumi.CustomResourceOptions) {
    this.#name = name;
    this.#transform = transform ?? {};
    this.#options = options;
  }

  /** The object as the program wants it in the end. */
  transformed(manifest: Manifest): KubernetesObject {
    const { kind } = manifest;
    const change = this.#transform[kind as KubernetesKind];
    const { object, problems } = transformObject(manifest, change, `target.transform.${kind}`, identity);
    this.problems.push(...problems);
    return object;
  }

  /** Makes an object, which {@link transformed} has been through. */
  make<Made extends pulumi.CustomResource>(
    suffix: string,
    object: KubernetesObject,
    options: pulumi.CustomResourceOptions = {},
  ): Made {
    const { apiVersion: _version, kind, ...args } = object;
    const make = makers()[kind as KubernetesKind];
    const own = kind === "StatefulSet" ? { ignoreChanges: frozen } : {};
    const made = make(`${this.#name}-${suffix}`, args as never, { ...this.#options, ...own, ...options });
    this.made.push(made);
    if (kind !== "Namespace") this.names.push(nameOf(object));
    return made as Made;
  }
}

export function nameOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectName {
  return { apiVersion, kind, name: metadata.name };
}

function makers(): Record<KubernetesKind, Make> {
  const { apiextensions, apps, core, policy } = kubernetesSdk();
  return {
    ConfigMap: (...of) => new core.v1.ConfigMap(...of),
    Namespace: (...of) => new core.v1.Namespace(...of),
    PodDisruptionBudget: (...of) => new policy.v1.PodDisruptionBudget(...of),
    PodMonitor: (name, args, options) =>
      new apiextensions.CustomResource(
        name,
        { ...(args as object), apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor" },
        options,
      ),
    Secret: (...of) => new core.v1.Secret(...of),
    Service: (...of) => new core.v1.Service(...of),
    ServiceAccount: (...of) => new core.v1.ServiceAccount(...of),
    StatefulSet: (...of) => new apps.v1.StatefulSet(...of),
  };
}
