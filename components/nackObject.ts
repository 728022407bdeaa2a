import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { JsonObject } from "../provider/model/exactJson";
import { objectNameFrom } from "../provider/model/nack/nackNames";
import { nackVersion } from "../provider/render/nack/crds";
import { NackSettled } from "../provider/resources/nackSettled";
import { KubernetesHelper, refuse } from "./kubernetesHelper";
import { kubernetesSdk } from "./kubernetesSdk";
import type { Nack } from "./nack";
import type { NackAccount } from "./nackAccount";

/** What all objects for nack's controller have. */
export interface NackObjectArgs {
  /** The controller that shall see to it. Without it, one that is there by other means: then `namespace`, and the provider of the options. */
  readonly nack?: Nack;
  /** Namespace of the object. Default that of `nack`, and only that unless the controller has `namespaced: false`. A change makes it anew. */
  readonly namespace?: string;
  /** Name of the object in Kubernetes. Default from its name in NATS, in lower case. A change makes it anew. */
  readonly objectName?: string;
  /** Further labels of the object. Default none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Further annotations of the object. Default none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** As whom the controller speaks for one object, and what it keeps its hands off. */
export interface NackSpecArgs {
  /** Account by which the controller connects for it. Default: the controller's own connection. */
  readonly account?: NackAccount | pulumi.Input<string>;
  /** URLs of other servers than the account's, or the controller's. Default those. */
  readonly servers?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** JetStream domain. Default none. */
  readonly jsDomain?: pulumi.Input<string>;
  /** The controller never changes it in NATS once it is there. Default false. */
  readonly preventUpdate?: pulumi.Input<boolean>;
}

interface Wanted {
  readonly kind: string;
  readonly name: string;
  readonly args: NackObjectArgs;
  /** Names from which that of the object comes. */
  readonly names: pulumi.Output<readonly string[]>;
  readonly spec: pulumi.Output<JsonObject>;
  readonly dependsOn?: readonly pulumi.Resource[];
  /** How long the controller may take; without, one minute. */
  readonly customTimeouts: pulumi.CustomTimeouts | undefined;
}

/** Makes the object. What it returns is there once the controller has said that NATS is so. */
export function nackObject(parent: pulumi.Resource, wanted: Wanted): pulumi.Resource {
  const { kind, name, args, names, spec } = wanted;
  refuse(`nats.nack.${kind} "${name}"`, [...placeProblems(args)]);
  const namespace = namespaceOf(args);
  const access = args.nack?.access ?? new KubernetesHelper(parent, name, { namespace }, {}).access;
  const objectName = pulumi.output(args.objectName ?? names.apply((parts) => objectNameFrom(...parts)));
  const { apiextensions } = kubernetesSdk();
  const object = new apiextensions.CustomResource(
    name,
    {
      apiVersion: nackVersion,
      kind,
      metadata: {
        name: objectName,
        namespace,
        labels: { ...args.labels, "app.kubernetes.io/managed-by": "pulumi-nats" },
        ...(args.annotations ? { annotations: args.annotations } : {}),
      },
      spec,
    },
    {
      parent,
      provider: access.provider,
      dependsOn: [...(args.nack ? [args.nack.controller] : []), ...(wanted.dependsOn ?? [])],
      // Where the controller is gone, nobody lets go of it.
      customTimeouts: { delete: "2m" },
    },
  );
  const { kubeconfig, context } = access;
  return new NackSettled(
    name,
    {
      kubeconfig: pulumi.secret(kubeconfig),
      context,
      kind,
      namespace,
      name: objectName,
      spec: spec.apply((one) => JSON.stringify(one)),
    },
    { parent, dependsOn: [object], deletedWith: object, customTimeouts: wanted.customTimeouts },
  );
}

export function namespaceOf({ nack, namespace }: NackObjectArgs): string {
  return namespace ?? nack!.namespace;
}

/** Resolves the arguments and lets `render` say what is wrong with them; values that are not known yet are left for later. */
export function nackSpecOf(
  subject: string,
  args: object,
  render: (inputs: Readonly<Record<string, unknown>>) => { spec: JsonObject; problems: Problem[] },
): pulumi.Output<JsonObject> {
  return pulumi.output(args).apply((inputs) => {
    const { spec, problems } = render(inputs as Readonly<Record<string, unknown>>);
    refuse(subject, problems);
    return spec;
  });
}

function* placeProblems({ nack, namespace }: NackObjectArgs): Generator<Problem> {
  if (nack === undefined && namespace === undefined) {
    yield { path: "nack", reason: "neither nack nor namespace says where the object shall be", fix: "nack" };
  }
  if (nack?.namespaced !== true || namespace === undefined || namespace === nack.namespace) return;
  const reason = `"${namespace}" is not that of the controller, "${nack.namespace}", in which alone it looks`;
  yield { path: "namespace", reason, fix: "without namespace, or namespaced: false of the nats.Nack" };
}
