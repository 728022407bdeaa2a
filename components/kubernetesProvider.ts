import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../provider/errors";
import type { KubernetesArgs } from "./kubernetesArgs";
import { kubernetesSdk } from "./kubernetesSdk";

/** What the objects are made with, and how the same API server is reached by the rollout. */
export interface KubernetesAccess {
  readonly provider: pulumi.ProviderResource;
  readonly kubeconfig: pulumi.Output<string | undefined>;
  readonly context: pulumi.Output<string | undefined>;
  readonly problems: pulumi.Output<Problem[]>;
}

/** The program's own provider, or one made for the cluster, in which ConfigMaps and Secrets change in place. */
export function kubernetesAccess(
  name: string,
  args: Pick<KubernetesArgs, "kubeconfig" | "context" | "provider">,
  options: pulumi.CustomResourceOptions,
): KubernetesAccess {
  const given = args.provider ?? options.parent?.getProvider("kubernetes:core/v1:ConfigMap");
  if (given) {
    const inputs = given as unknown as Readonly<Record<string, pulumi.Output<string> | undefined>>;
    const text = (key: string): pulumi.Output<string | undefined> => pulumi.output(inputs[key] ?? "").apply(asText);
    return {
      provider: given,
      kubeconfig: args.kubeconfig === undefined ? text("kubeconfig") : pulumi.output(args.kubeconfig),
      context: args.context === undefined ? text("context") : pulumi.output(args.context),
      problems: pulumi
        .all([text("enableConfigMapMutable"), text("enableSecretMutable")])
        .apply((mutable) => mutableProblems(mutable)),
    };
  }
  const stack = new pulumi.Config("kubernetes");
  const kubeconfig = args.kubeconfig ?? stack.getSecret("kubeconfig");
  const context = args.context ?? stack.get("context");
  const { Provider } = kubernetesSdk();
  const provider = new Provider(
    `${name}-kubernetes`,
    {
      ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
      ...(context === undefined ? {} : { context }),
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    },
    { parent: options.parent! },
  );
  return {
    provider,
    kubeconfig: pulumi.output(kubeconfig),
    context: pulumi.output(context),
    problems: pulumi.output([]),
  };
}

/** What KUBECONFIG says is not kept: on another machine it says something else. */
function asText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "" || value === process.env["KUBECONFIG"]) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function mutableProblems(mutable: readonly (string | undefined)[]): Problem[] {
  if (mutable.every((one) => one === "true")) return [];
  return [
    {
      path: "target.provider",
      reason:
        "this provider replaces a ConfigMap or Secret that changes, so that pods would lose their files for a while",
      fix: 'new k8s.Provider("…", { enableConfigMapMutable: true, enableSecretMutable: true }), or leave provider out',
    },
  ];
}
