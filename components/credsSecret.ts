import * as pulumi from "@pulumi/pulumi";

/**
 * The `stringData` of a Kubernetes Secret with creds files, by file name; a secret. For `new k8s.core.v1.Secret(…)`, to be
 * mounted where a workload reads its creds.
 *
 * @example
 * ```ts
 * new k8s.core.v1.Secret("nexus-creds", { stringData: nats.credsSecret({ "nexus.creds": nexus }) });
 * ```
 */
export function credsSecret(
  users: Readonly<Record<string, { readonly creds: pulumi.Input<string> }>>,
): pulumi.Output<Record<string, string>> {
  const entries = Object.entries(users).map(([file, user]) => [file, user.creds] as const);
  return pulumi.secret(pulumi.output(Object.fromEntries(entries) as Record<string, pulumi.Input<string>>));
}
