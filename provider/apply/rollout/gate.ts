import { NatsError } from "../../errors";
import type { Machine } from "../machine/machine";
import type { Healthz, Routez, Varz } from "../serverAnswers";
import type { ServerConnection } from "../serverConnection";
import { waitFor } from "../wait";
import { gatewayLacks, linkedClusters } from "./gateGateways";
import { leafLacks } from "./gateLeafs";
import { jetStreamLacks, quorumLack, waitsForOthers } from "./gateMeta";
import type { Candidates, Reach } from "./reach";

/** What must be true of one server before the rollout goes on. */
export interface Expected {
  readonly node: string;
  readonly candidates: Candidates;
  readonly version: string;
  /** Digest of the configuration that it must run; undefined where it is not known. */
  readonly digest: string | undefined;
  /** What it may run as well: where it was started anew meanwhile, it found what is wanted. */
  readonly orElse?: { readonly version: string; readonly digest: string };
  /** It must have loaded its configuration at or after this moment. */
  readonly loadedSince?: number;
  readonly clustered: boolean;
  readonly jetstream: boolean;
  /** Only what it runs counts, not how it stands with the others. */
  readonly alone?: boolean;
  /** It has a gateway listener. */
  readonly hasGateway?: boolean;
  /** Other clusters that it must have a gateway to. */
  readonly gateways?: readonly string[];
  /** It must have a gateway to every cluster that another one of these servers has one to. */
  readonly linkedAsPeers?: boolean;
  /** Connections to hubs that it must have. */
  readonly leafs?: number;
  /** A meta group over several clusters may be without a leader as long as too few of its servers run. */
  readonly mayWaitForOthers?: boolean;
}

export interface Gate {
  readonly machine: Machine;
  readonly reach: Reach;
  /** All servers that must be whole together. */
  readonly servers: readonly Expected[];
  /** Milliseconds. */
  readonly timeout: number;
  /** A server that is to be stopped next: JetStream's meta group must have a quorum without it. */
  readonly sparing?: Expected | undefined;
}

/** The server ended while it was waited for: no use to wait on. */
class ServerEnded extends NatsError {}

/**
 * Waits until every server runs what it should, has routes to every other one, is healthy with all its streams, and the meta
 * group has its size with everyone current. Fails with what was seen last and the end of the log.
 */
export async function passGate(gate: Gate, changed: readonly string[]): Promise<void> {
  const subject = changed.join(", ");
  try {
    await waitFor(`${subject} did not become healthy`, { timeout: gate.timeout, interval: 30 }, async () => {
      for (const node of changed) await mustLive(gate, node);
      const linked = new Map<string, readonly string[]>();
      const found = (await Promise.all(gate.servers.map((server) => lacksOf(gate, server, linked)))).flat();
      // A region that is out of reach comes before what JetStream lacks without it.
      const lacks = [...gatewayLacks(gate.servers, linked), ...found];
      if (lacks.length === 0 && gate.sparing) lacks.push(...(await sparingLacks(gate, gate.sparing)));
      return lacks.length === 0 ? { value: undefined } : { pending: lacks.slice(0, 4).join("; ") };
    });
  } catch (error) {
    const tails = await Promise.all(changed.slice(0, 1).map((node) => gate.machine.logTail(node, 12)));
    throw new NatsError(`${(error as Error).message}\nEnd of the log of ${changed[0]}:\n${tails.join("\n")}`, {
      cause: error,
    });
  }
}

async function mustLive(gate: Gate, node: string): Promise<void> {
  if ((await gate.machine.processes(node)).length === 0) throw new ServerEnded(`${node} ended by itself`);
}

/** What one server still lacks, in words; empty when it is whole. Its gateways are noted in `linked`. */
async function lacksOf(gate: Gate, server: Expected, linked: Map<string, readonly string[]>): Promise<string[]> {
  const { node } = server;
  try {
    const connection = await gate.reach.to(node, server.candidates, Math.min(gate.timeout, 5000));
    const lacks = identityLacks(server, await connection.ask<Varz>("VARZ"));
    if (server.alone) return lacks;
    if (server.clustered) lacks.push(...(await routeLacks(gate, server, connection)));
    if (server.hasGateway) {
      const clusters = await linkedClusters(connection);
      linked.set(node, clusters);
      if (server.gateways?.some((name) => !clusters.includes(name))) return lacks;
    }
    lacks.push(...(await leafLacks(connection, server)));
    if (server.mayWaitForOthers && lacks.length === 0 && (await waitsForOthers(connection))) {
      return await healthLacks(node, connection, { "js-server-only": true });
    }
    if (server.jetstream) lacks.push(...(await jetStreamLacks(connection, server, gate.servers)));
    return [...lacks, ...(await healthLacks(node, connection, {}))];
  } catch (error) {
    await gate.reach.drop(node);
    return [(error as Error).message];
  }
}

async function routeLacks(gate: Gate, { node }: Expected, connection: ServerConnection): Promise<string[]> {
  const { routes = [] } = await connection.ask<Routez>("ROUTEZ");
  const routed = new Set(routes.map((route) => route.remote_name));
  const missing = gate.servers.map((one) => one.node).filter((other) => other !== node && !routed.has(other));
  return missing.length > 0 ? [`${node} has no route to ${missing.join(", ")}`] : [];
}

async function healthLacks(node: string, connection: ServerConnection, options: object): Promise<string[]> {
  const health = await connection.ask<Healthz>("HEALTHZ", { ...options, details: true });
  if (health.status === "ok") return [];
  const errors = health.errors?.map((one) => one.error) ?? [health.error ?? health.status];
  return [`${node} is not healthy: ${errors.slice(0, 3).join(", ")}`];
}

async function sparingLacks(gate: Gate, leaving: Expected): Promise<string[]> {
  if (!leaving.jetstream || !leaving.hasGateway) return [];
  try {
    const connection = await gate.reach.to(leaving.node, leaving.candidates, Math.min(gate.timeout, 5000));
    const own = [...gate.servers.map((server) => server.node), leaving.node];
    const lack = await quorumLack(connection, leaving.node, own);
    return lack === undefined ? [] : [lack];
  } catch (error) {
    await gate.reach.drop(leaving.node);
    return [(error as Error).message];
  }
}

function identityLacks(server: Expected, varz: Varz): string[] {
  const { node, orElse } = server;
  const lacks: string[] = [];
  if (orElse && varz.version === orElse.version && varz.config_digest === orElse.digest) return lacks;
  if (varz.version !== server.version) lacks.push(`${node} runs nats-server ${varz.version}, not ${server.version}`);
  if (server.digest !== undefined && varz.config_digest !== server.digest) {
    lacks.push(`${node} runs configuration ${varz.config_digest}, not ${server.digest}`);
  }
  if (server.loadedSince !== undefined && Date.parse(varz.config_load_time) < Math.floor(server.loadedSince)) {
    lacks.push(`${node} loaded its configuration at ${varz.config_load_time}, before the change`);
  }
  return lacks;
}
