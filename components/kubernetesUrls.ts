import * as pulumi from "@pulumi/pulumi";
import type { Listener, NodeModel } from "../provider/model/cluster";
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
  texts: pulumi.Output<Readonly<Record<string, string>>>,
): pulumi.Output<Record<string, NodeInputs>> {
  const scheme = deployment.hasTls ? "tls" : "nats";
  return pulumi.all([texts, nodesOf(deployment)]).apply(([known, nodes]) => {
    const entries = nodes.map(({ name, host, ports }): [string, NodeInputs] => [
      name,
      {
        config: known[name]!,
        clientUrl: `${scheme}://${host}:${ports.client}`,
        ports: Object.fromEntries(Object.entries(ports)),
        state: "running",
      },
    ]);
    return Object.fromEntries(entries);
  });
}

function nodesOf({ placement }: Deployment): pulumi.Output<NodeModel[]> {
  return pulumi.output(placement.nodes) as pulumi.Output<NodeModel[]>;
}

/** Where the servers are dialled. */
export function urlsOf(
  deployment: Deployment,
  addresses: ExposedAddresses,
  served: pulumi.Output<unknown>,
): Omit<Deployed, "servers" | "through"> {
  const own = (nodes: readonly NodeModel[], scheme: string, listener: Listener): string[] =>
    nodes.flatMap(({ host, ports }) =>
      ports[listener] === undefined ? [] : [`${scheme}://${host}:${ports[listener]}`],
    );
  const all = nodesOf(deployment);
  const inside = (scheme: string, listener: Listener): pulumi.Output<string[]> =>
    pulumi.all([all, served]).apply(([nodes]) => own(nodes, scheme, listener));
  const outside = (scheme: string, listener: keyof ExposedAddresses): pulumi.Output<string[]> =>
    pulumi.all([all, addresses[listener]]).apply(([nodes, address]) => {
      const urls = own(nodes, scheme, listener);
      if (address === undefined || urls.length === 0) return urls;
      return [...new Set(nodes.map(({ name }) => `${scheme}://${address.replace("{pod}", name)}`))];
    });
  const scheme = deployment.hasTls ? "tls" : "nats";
  return {
    urls: inside(scheme, "client"),
    monitorUrls: inside("http", "monitor"),
    gatewayUrls: outside("nats", "gateway"),
    leafnodeUrls: outside(scheme, "leafnodes"),
  };
}

/** The way to the pods, from anywhere that reaches the API server. */
export function throughOf(
  settings: KubernetesSettings,
  deployment: Deployment,
  access: KubernetesAccess,
  clusterDomain: string,
): pulumi.Output<Through | undefined> {
  const { name, namespace } = settings;
  const service = objectNames(name).client;
  const names = [`${service}.${namespace}`, `${service}.${namespace}.svc`];
  const podsOf = (nodes: readonly NodeModel[]): [string, string[]][] => [
    ...nodes.map((node): [string, string[]] => [node.host, [node.name]]),
    ...nodes.map((node): [string, string[]] => [`${node.host}.${clusterDomain}`, [node.name]]),
    ...[...names, `${service}.${namespace}.svc.${clusterDomain}`].map((host): [string, string[]] => [
      host,
      nodes.map((node) => node.name),
    ]),
  ];
  const all = pulumi.all([nodesOf(deployment), access.kubeconfig, access.context]);
  return all.apply(([nodes, kubeconfig, context]): Through => ({
    ways: [
      {
        kind: "kubernetes",
        namespace,
        pods: Object.fromEntries(podsOf(nodes)),
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
      },
    ],
  }));
}
