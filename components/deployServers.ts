import * as pulumi from "@pulumi/pulumi";
import type { Listener } from "../provider/model/cluster";
import type { Through } from "../provider/model/through";
import { Servers } from "../provider/resources/servers";
import type { ServerArgs, ServersArgs } from "../provider/resources/servers";
import { urlOf } from "./urlOf";
import type { Deployed, Deployment, PlacedNode } from "./target";

/** What a target adds to each server. */
export interface Extras {
  /** Text of the unit that runs it, from the shared nats.conf. */
  readonly unit?: (node: PlacedNode, config: string) => string;
}

/** Servers that are processes of machines: one resource carries them all, and rolls changes out over them. */
export function deployServers(
  name: string,
  deployment: Deployment,
  target: ServersArgs["target"],
  through: pulumi.Input<Through | undefined>,
  options: pulumi.CustomResourceOptions,
  extras: Extras = {},
): Deployed {
  const { placement, nodes: texts, hasTls, rollout, ...rest } = deployment;
  const nodes = Object.fromEntries(
    placement.nodes.map((node): [string, ServerArgs] => {
      const unit = extras.unit && rest.config.apply((shared) => extras.unit!(node, shared));
      const inputs = nodeInputs(node, texts[node.name]!, hasTls);
      return [node.name, unit === undefined ? inputs : { ...inputs, unit }];
    }),
  );
  const { cluster, version, config, secrets, files, secretFiles, management, onDataLoss, problems } = rest;
  const servers = new Servers(
    `${name}-servers`,
    { cluster, version, target, config, nodes, secrets, files, secretFiles, management, rollout, onDataLoss, problems },
    options,
  );
  const monitors = placement.nodes.flatMap((node) => {
    const port = node.ports.monitor;
    return port === undefined ? [] : [urlOf("http", node.monitorHost ?? node.host, port)];
  });
  const urls = (scheme: string, listener: Listener): pulumi.Output<string[]> =>
    pulumi.all(
      placement.nodes.flatMap((node) => {
        const port = node.ports[listener];
        return port === undefined ? [] : [urlOf(scheme, node.host, port)];
      }),
    );
  return {
    servers,
    urls: servers.nodes.apply((known) => Object.values(known).map((node) => node.clientUrl)),
    monitorUrls: pulumi.all([pulumi.all(monitors), servers.nodes]).apply(([known]) => known),
    gatewayUrls: urls("nats", "gateway"),
    leafnodeUrls: urls(hasTls ? "tls" : "nats", "leafnodes"),
    through: pulumi.output(through),
  };
}

function nodeInputs(node: PlacedNode, config: pulumi.Output<string>, hasTls: boolean): ServerArgs {
  return {
    config,
    clientUrl: urlOf(hasTls ? "tls" : "nats", node.host, node.ports.client!),
    ports: Object.fromEntries(Object.entries(node.ports)),
    state: "running",
  };
}
