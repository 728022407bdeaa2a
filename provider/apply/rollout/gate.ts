import { NatsError } from "../../errors";
import type { Healthz, Jsz, Replica, Routez, Varz } from "../serverAnswers";
import { waitFor } from "../wait";
import type { Candidates, Reach } from "./reach";
import type { Machine } from "../machine/machine";

/** What must be true of one server before the rollout goes on. */
export interface Expected {
  readonly node: string;
  readonly candidates: Candidates;
  readonly version: string;
  /** Digest of the configuration that it must run; undefined where it is not known. */
  readonly digest: string | undefined;
  /** It must have loaded its configuration at or after this moment. */
  readonly loadedSince?: number;
  readonly clustered: boolean;
  readonly jetstream: boolean;
  /** Only what it runs counts, not how it stands with the others. */
  readonly alone?: boolean;
}

export interface Gate {
  readonly machine: Machine;
  readonly reach: Reach;
  /** All servers that must be whole together. */
  readonly servers: readonly Expected[];
  /** Milliseconds. */
  readonly timeout: number;
}

/** The server ended while it was waited for: no use to wait on. */
export class ServerEnded extends NatsError {}

/**
 * Waits until every server runs what it should, has routes to every other one, is healthy with all its streams, and the meta
 * group has its size with everyone current. Fails with what was seen last and the end of the log.
 */
export async function passGate(gate: Gate, changed: readonly string[]): Promise<void> {
  const subject = changed.join(", ");
  try {
    await waitFor(`${subject} did not become healthy`, { timeout: gate.timeout, interval: 30 }, async () => {
      for (const node of changed) await mustLive(gate, node);
      const lacks = (await Promise.all(gate.servers.map((server) => lacksOf(gate, server)))).flat();
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

/** What one server still lacks, in words; empty when it is whole. */
async function lacksOf(gate: Gate, server: Expected): Promise<string[]> {
  const { node } = server;
  try {
    const connection = await gate.reach.to(node, server.candidates, Math.min(gate.timeout, 5000));
    const varz = await connection.ask<Varz>("VARZ");
    const lacks = identityLacks(server, varz);
    if (server.alone) return lacks;
    if (server.clustered) {
      const { routes = [] } = await connection.ask<Routez>("ROUTEZ");
      const linked = new Set(routes.map((route) => route.remote_name));
      const missing = gate.servers.map((one) => one.node).filter((other) => other !== node && !linked.has(other));
      if (missing.length > 0) lacks.push(`${node} has no route to ${missing.join(", ")}`);
    }
    if (server.jetstream) lacks.push(...jetStreamLacks(gate, server, await connection.ask<Jsz>("JSZ", allStreams)));
    const health = await connection.ask<Healthz>("HEALTHZ", { details: true });
    if (health.status !== "ok") {
      const errors = health.errors?.map((one) => one.error) ?? [health.error ?? health.status];
      lacks.push(`${node} is not healthy: ${errors.slice(0, 3).join(", ")}`);
    }
    return lacks;
  } catch (error) {
    await gate.reach.drop(node);
    return [(error as Error).message];
  }
}

const allStreams = { accounts: true, streams: true, limit: 100_000 };

function identityLacks(server: Expected, varz: Varz): string[] {
  const { node } = server;
  const lacks: string[] = [];
  if (varz.version !== server.version) lacks.push(`${node} runs nats-server ${varz.version}, not ${server.version}`);
  if (server.digest !== undefined && varz.config_digest !== server.digest) {
    lacks.push(`${node} runs configuration ${varz.config_digest}, not ${server.digest}`);
  }
  if (server.loadedSince !== undefined && Date.parse(varz.config_load_time) < Math.floor(server.loadedSince)) {
    lacks.push(`${node} loaded its configuration at ${varz.config_load_time}, before the change`);
  }
  return lacks;
}

function jetStreamLacks(gate: Gate, server: Expected, jsz: Jsz): string[] {
  const { node } = server;
  if (jsz.disabled) return [`${node} has JetStream off`];
  if (!server.clustered) return [];
  const expected = gate.servers.filter((one) => one.jetstream).length;
  const meta = jsz.meta_cluster;
  if (!meta?.leader) return [`${node} sees no JetStream meta leader`];
  const lacks: string[] = [];
  if (meta.cluster_size < expected) {
    lacks.push(`${node} sees ${meta.cluster_size} of ${expected} servers in JetStream's meta group`);
  }
  const members = new Set(gate.servers.map((one) => one.node));
  const isBehind = (replica: Replica): boolean =>
    members.has(replica.name) && (!replica.current || replica.offline === true);
  if (meta.leader === node) {
    const known = new Set(meta.replicas?.map((replica) => replica.name));
    const absent = [...members].filter((name) => name !== node && !known.has(name));
    if (absent.length > 0) lacks.push(`${absent.join(", ")} not in JetStream's meta group`);
    const behind = meta.replicas?.filter(isBehind) ?? [];
    if (behind.length > 0) lacks.push(`meta group: ${behind.map((replica) => replica.name).join(", ")} not current`);
  }
  for (const account of jsz.account_details ?? []) {
    for (const stream of account.stream_detail ?? []) {
      const subject = `stream ${stream.name} of account ${account.name}`;
      if (stream.cluster && !stream.cluster.leader) lacks.push(`${subject} has no leader`);
      if (stream.cluster?.leader !== node) continue;
      const behind = stream.cluster.replicas?.filter(isBehind) ?? [];
      if (behind.length > 0) {
        const names = behind.map((replica) => replica.name).join(", ");
        lacks.push(`${subject}: ${names} not current`);
      }
    }
  }
  return lacks;
}
