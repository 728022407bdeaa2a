// oxlint-disable-next-line typescript/ban-ts-comment -- kept in the declarations: programs without Kubernetes don't install its types
/** @ts-ignore */
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isError, locatedText, ProblemsError } from "../provider/errors";
import type { Problem } from "../provider/errors";
import { present } from "../provider/model/present";
import type { Manifest } from "../provider/render/kubernetes/manifest";
import type { ConnectArgs } from "./connectArgs";
import { namespaceProblem, objectNameProblem } from "./kubernetesNames";
import { kubernetesAccess } from "./kubernetesProvider";
import type { KubernetesAccess } from "./kubernetesProvider";
import { kubernetesSdk } from "./kubernetesSdk";
import { transformObject } from "./transformObject";
import type { Transform } from "./transformObject";

/** What every helper beside a cluster says of its place in Kubernetes. */
export interface KubernetesHelperArgs {
  /** Namespace of its objects; it must be there. A change makes everything anew there. */
  readonly namespace: string;
  /** Name of its objects. Default the resource's. A change makes them anew. */
  readonly name?: string;
  /**
   * Content of a kubeconfig file, or its path. Default: that of `provider`, the stack's `kubernetes:kubeconfig`, KUBECONFIG,
   * ~/.kube/config. Kept as a secret. A change touches no pod, as long as it leads to the same Kubernetes.
   */
  readonly kubeconfig?: pulumi.Input<string>;
  /** Context of the kubeconfig. Default: its current one. A change touches no pod, as long as it leads to the same Kubernetes. */
  readonly context?: pulumi.Input<string>;
  /** Provider of the objects, with `enableSecretMutable: true` and `enableConfigMapMutable: true`. Default: that of the component's own `providers` option, else one made for it. */
  readonly provider?: k8s.Provider;
  /** When the image is pulled. Default: Kubernetes' own. A change restarts the pod. */
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Secrets of the namespace with credentials of the registry. Default none. A change restarts the pod. */
  readonly imagePullSecrets?: readonly string[];
  /** Requests and limits of the container, as Kubernetes writes them: `{ limits: { memory: "128Mi" } }`. Default none. A change restarts the pod. */
  readonly resources?: object;
  /** Further labels of all objects. Default none. A change restarts the pod. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Last word on any object: gets it as it would be made, gives it back as it shall be, nothing where it changes nothing; `kind` tells which it is. */
  readonly transform?: Transform<HelperObject>;
}

/** An object of the Kubernetes API; values in it may be Outputs. */
export interface HelperObject {
  /** "apps/v1". */
  readonly apiVersion: string;
  /** "Deployment". */
  readonly kind: string;
  /** Name, namespace, labels and annotations. */
  readonly metadata: Manifest["metadata"];
  /** `spec`, `data` and so on. */
  readonly [part: string]: unknown;
}

type Make = (name: string, args: never, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Makes the objects of one helper as typed resources, each after the program's own transform. */
export class KubernetesHelper {
  readonly access: KubernetesAccess;
  readonly #parent: pulumi.Resource;
  readonly #name: string;
  readonly #transform: Transform<HelperObject> | undefined;
  readonly #after: readonly pulumi.Input<pulumi.Resource>[];

  /** All objects come after what the component comes after, and after the clusters to which they connect. */
  constructor(
    parent: pulumi.Resource,
    name: string,
    args: KubernetesHelperArgs,
    after: {
      readonly options?: pulumi.ComponentResourceOptions | undefined;
      readonly connections?: readonly ConnectArgs[];
    },
  ) {
    const { namespace, provider: given, kubeconfig, context } = args;
    const place = present({ namespace, provider: given, kubeconfig, context });
    this.access = kubernetesAccess(name, place, { parent });
    this.#parent = parent;
    this.#name = name;
    const before = after.options?.dependsOn ?? [];
    const clusters = (after.connections ?? []).flatMap(({ cluster }) =>
      pulumi.Resource.isInstance(cluster) ? [cluster] : [],
    );
    this.#after = [...((Array.isArray(before) ? before : [before]) as pulumi.Input<pulumi.Resource>[]), ...clusters];
    this.#transform = args.transform;
    // A provider's settings may be known only later.
    this.access.problems.apply((found) =>
      refuse(
        name,
        found.map((problem) => ({ ...problem, path: "provider" })),
      ),
    );
  }

  make(suffix: string, manifest: Manifest, options: pulumi.CustomResourceOptions = {}): pulumi.CustomResource {
    const { object, problems } = transformObject(manifest, this.#transform, "transform", ["apiVersion", "kind"]);
    refuse(this.#name, problems);
    const { apiVersion, kind, ...args } = object;
    const typed = makers()[kind];
    const dependsOn = [...this.#after, ...((options.dependsOn ?? []) as pulumi.Resource[])];
    const all = { parent: this.#parent, provider: this.access.provider, ...options, dependsOn };
    const name = suffix === "" ? this.#name : `${this.#name}-${suffix}`;
    if (typed) return typed(name, args as never, all);
    const { apiextensions } = kubernetesSdk();
    return new apiextensions.CustomResource(name, { ...args, apiVersion, kind } as never, all);
  }
}

/** The values of a Secret. As `stringData`, a key that goes would stay in Kubernetes. */
export function secretData(
  texts: pulumi.Input<Readonly<Record<string, string>>>,
): pulumi.Output<Record<string, string>> {
  const encoded = pulumi
    .output(texts)
    .apply((all) =>
      Object.fromEntries(Object.entries(all).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")])),
    );
  return pulumi.secret(encoded);
}

/** Stops the program with all that is wrong; shows warnings. */
export function refuse(subject: string, problems: readonly Problem[]): void {
  if (problems.some(isError)) throw new ProblemsError(subject, problems);
  for (const problem of problems) void pulumi.log.warn(`${subject}: ${locatedText(problem)}`);
}

export function helperProblems(name: string, { namespace }: KubernetesHelperArgs): Problem[] {
  return [namespaceProblem(namespace), objectNameProblem(name, "helper")].filter((problem) => problem !== undefined);
}

function makers(): Readonly<Record<string, Make>> {
  const { apiextensions, apps, core, rbac } = kubernetesSdk();
  return {
    ClusterRole: (...of) => new rbac.v1.ClusterRole(...of),
    ClusterRoleBinding: (...of) => new rbac.v1.ClusterRoleBinding(...of),
    ConfigMap: (...of) => new core.v1.ConfigMap(...of),
    CustomResourceDefinition: (...of) => new apiextensions.v1.CustomResourceDefinition(...of),
    Deployment: (...of) => new apps.v1.Deployment(...of),
    Role: (...of) => new rbac.v1.Role(...of),
    RoleBinding: (...of) => new rbac.v1.RoleBinding(...of),
    Secret: (...of) => new core.v1.Secret(...of),
    Service: (...of) => new core.v1.Service(...of),
    ServiceAccount: (...of) => new core.v1.ServiceAccount(...of),
  };
}
