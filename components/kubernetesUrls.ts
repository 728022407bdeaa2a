import * as pulumi from "@pulumi/pulumi";
import type { Listener } from "../provider/model/cluster";
import { objectNames } from "../provider/model/kubernetes";
import type { NodeInputs } from "../provider/model/servers";
import type { Through } from "../provider/model/through";
import type { KubernetesSettings } from "../provider/render/kubernetes/settings";
import type { ExposedAddresses } from "./kubernetesAddresses";
import type { KubernetesAccess } from "./kubernetesProvider";
import type { Deployed, Deployment } from "./target";

/** Each server's text with the address at which the rollout asks it. */
export function nodeInputs(
  deployment: Deployment,
  texts: Readonly<Record<string, string>>,
): Record<string, NodeInputs> {
  const entries = deployment.placement.nodes.map((node): [string, NodeInputs] => [
    node.name,
    {
      config: texts[node.name]!,
      clientUrl: `${deployment.hasTls ? "tls" : "nats"}://${node.host}:${node.ports.client}`,
      ports: Object.fromEntries(Object.entries(node.ports)),
      state: "running",
    },
  ]);
  return Object.fromEntries(entries);
}

/** Where the servers are dialled. */
export function urlsOf(
  { placement: { nodes }, hasTls }: Deployment,
  addresses: ExposedAddresses,
  served: pulumi.Output<unknown>,
): Omit<Deployed, "servers" | "through"> {
  const own = (scheme: string, listener: Listener): string[] =>
    nodes.flatMap(({ host, ports }) =>
      ports[listener] === undefined ? [] : [`${scheme}://${host}:${ports[listener]}`],
    );
  const outside = (scheme: string, listener: keyof ExposedAddresses): pulumi.Output<string[]> =>
    addresses[listener].apply((address) => {
      if (address === undefined || own(scheme, listener).length === 0) return own(scheme, listener);
      return [...new Set(nodes.map(({ name }) => `${scheme}://${address.replace("{pod}", name)}`))];
    });
  const scheme = hasTls ? "tls" : "nats";
  return {
    urls: served.apply(() => own(scheme, "client")),
    monitorUrls: served.apply(() => own("http", "monitor")),
    gatewayUrls: outside("nats", "gateway"),
    leafnodeUrls: outside(scheme, "leafnodes"),
  };
}

/** The way to the pods, from anywhere that reaches the API server. */
export function throughOf(
  settings: KubernetesSettings,
  { placement: { nodes } }: Deployment,
  access: KubernetesAccess,
  clusterDomain: string,
): pulumi.Output<Through | undefined> {
  const { name, namespace } = settings;
  const all = nodes.map((node) => node.name);
  const service = objectNames(name).client;
  const names = [`${service}.${namespace}`, `${service}.${namespace}.svc`];
  const entries = [
    ...nodes.map((node): [string, string[]] => [node.host, [node.name]]),
    ...nodes.map((node): [string, string[]] => [`${node.host}.${clusterDomain}`, [node.name]]),
    ...[...names, `${service}.${namespace}.svc.${clusterDomain}`].map((host): [string, string[]] => [host, all]),
  ];
  return pulumi.all([access.kubeconfig, access.context]).apply(([kubeconfig, context]): Through => ({
    ways: [
      {
        kind: "kubernetes",
        namespace,
        pods: Object.fromEntries(entries),
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
      },
    ],
  }));
}
