import * as pulumi from "@pulumi/pulumi";
import type { Listener, NodeModel } from "../provider/model/cluster";
import type { NodeInputs, TargetInputs } from "../provider/model/servers";
import type { Through } from "../provider/model/through";
import { Servers } from "../provider/resources/servers";
import type { Deployed, Deployment } from "./target";

/** What a target adds to each server. */
export interface Extras {
  /** Text of the unit that runs it, from the shared nats.conf. */
  readonly unit?: (node: NodeModel, config: string) => string;
}

/** Servers that are processes of machines: one resource carries them all, and rolls changes out over them. */
export function deployServers(
  name: string,
  deployment: Deployment,
  target: pulumi.Input<TargetInputs>,
  through: pulumi.Input<Through | undefined>,
  options: pulumi.CustomResourceOptions,
  extras: Extras = {},
): Deployed {
  const { placement, nodes: texts, hasTls, rollout, ...rest } = deployment;
  const nodes = pulumi.all([texts, rest.config]).apply(([known, shared]) =>
    Object.fromEntries(
      placement.nodes.map((node) => {
        const unit = extras.unit?.(node, shared);
        const inputs = nodeInputs(node, known[node.name]!, hasTls);
        return [node.name, unit === undefined ? inputs : { ...inputs, unit }];
      }),
    ),
  );
  const { cluster, version, config, secrets, files, secretFiles, management, onDataLoss, problems } = rest;
  const servers = new Servers(
    `${name}-servers`,
    { cluster, version, target, config, nodes, secrets, files, secretFiles, management, rollout, onDataLoss, problems },
    options,
  );
  const urls = (scheme: string, listener: Listener): string[] =>
    placement.nodes.flatMap((node) => {
      const port = node.ports[listener];
      return port === undefined ? [] : [`${scheme}://${hostInUrl(node.host)}:${port}`];
    });
  return {
    servers,
    urls: servers.nodes.apply((known) => Object.values(known).map((node) => node.clientUrl)),
    monitorUrls: servers.nodes.apply(() => urls("http", "monitor")),
    gatewayUrls: pulumi.output(urls("nats", "gateway")),
    leafnodeUrls: pulumi.output(urls(hasTls ? "tls" : "nats", "leafnodes")),
    through: pulumi.output(through),
  };
}

function nodeInputs(node: NodeModel, config: string, hasTls: boolean): NodeInputs {
  return {
    config,
    clientUrl: `${hasTls ? "tls" : "nats"}://${hostInUrl(node.host)}:${node.ports.client}`,
    ports: Object.fromEntries(Object.entries(node.ports)),
    state: "running",
  };
}

function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
