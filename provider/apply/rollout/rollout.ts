import { isConfMap } from "../../conf/value";
import type { ConfMap } from "../../conf/value";
import type { ParsedNode } from "../../model/nodeConf";
import type { ServersInputs } from "../../model/servers";
import type { Explain } from "../../plan/rollout";
import type { Machine } from "../machine/machine";
import type { Expected, Gate } from "./gate";
import type { NodeObservation, Observation } from "./observe";
import type { Reach } from "./reach";

/** What every step of a rollout works with. */
export interface Rollout {
  readonly machine: Machine;
  readonly reach: Reach;
  readonly wanted: ServersInputs;
  /** The wanted configuration and its digest by server_name. */
  readonly parsed: ReadonlyMap<string, ParsedNode>;
  readonly known: readonly ServersInputs[];
  readonly explain: Explain;
  /** Longest wait of one gate in milliseconds. */
  readonly timeout: number;
  /** Generation by server_name that holds what is wanted, written and validated. */
  readonly staged: Map<string, string>;
  /** Generation by server_name that was current before; kept on disk. */
  readonly before: Map<string, string>;
  /** Shows a line of progress. */
  readonly say: (message: string) => Promise<void>;
}

/** A server that is to be whole with the others: what it runs now, or `change` of that. */
export function expect(node: NodeObservation, change: Partial<Expected> & { readonly conf?: ConfMap } = {}): Expected {
  const { conf = node.conf, ...rest } = change;
  return {
    node: node.name,
    candidates: node.candidates,
    version: node.version ?? "",
    digest: node.digest,
    clustered: conf !== undefined && isClustered(conf),
    jetstream: conf !== undefined && hasJetStream(conf),
    hasGateway: conf?.has("gateway") ?? false,
    ...rest,
  };
}

/** A server whose turn is not now: it runs what it ran, or what is wanted where somebody else has made it start anew. */
export function expectOther(rollout: Rollout, node: NodeObservation): Expected {
  const { version } = rollout.wanted;
  const digest = rollout.parsed.get(node.name)?.digestFor(version);
  return expect(node, digest === undefined ? {} : { orElse: { version, digest } });
}

/** A server that is to run what is wanted. */
export function expectWanted(rollout: Rollout, node: NodeObservation, loadedSince?: number): Expected {
  const { conf, digestFor } = rollout.parsed.get(node.name)!;
  const { version } = rollout.wanted;
  return expect(node, {
    conf,
    digest: digestFor(version),
    version,
    ...(loadedSince === undefined ? {} : { loadedSince }),
  });
}

/** The running servers of the cluster other than these. */
export function othersOf(seen: Observation, names: readonly string[]): NodeObservation[] {
  return [...seen.nodes.values()].filter((node) => node.state === "running" && !names.includes(node.name));
}

export function gateOf(rollout: Rollout, servers: readonly Expected[], timeout = rollout.timeout): Gate {
  return { machine: rollout.machine, reach: rollout.reach, servers, timeout };
}

export function isClustered(conf: ConfMap): boolean {
  const cluster = conf.get("cluster");
  return isConfMap(cluster) && (cluster.has("listen") || cluster.has("port"));
}

export function hasJetStream(conf: ConfMap): boolean {
  const jetstream = conf.get("jetstream");
  return jetstream !== undefined && jetstream !== false && jetstream !== "disabled";
}
