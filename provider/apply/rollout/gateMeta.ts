import type { AnswerOf, ServerConnection } from "../serverConnection";
import type { Jsz, Replica } from "../serverAnswers";
import type { Expected } from "./gate";

/** What a server's JetStream still lacks. `members` are all servers that must be whole together. */
export async function jetStreamLacks(
  connection: ServerConnection,
  server: Expected,
  members: readonly Expected[],
): Promise<string[]> {
  const { node } = server;
  const jsz = await connection.ask<Jsz>("JSZ", allStreams);
  if (jsz.disabled) return [`${node} has JetStream off`];
  if (!server.clustered) return [];
  const expected = members.filter((one) => one.jetstream).length;
  const meta = jsz.meta_cluster;
  if (!meta?.leader) return [`${node} sees no JetStream meta leader`];
  const lacks: string[] = [];
  if (meta.cluster_size < expected) {
    lacks.push(`${node} sees ${meta.cluster_size} of ${expected} servers in JetStream's meta group`);
  }
  const names = new Set(members.map((one) => one.node));
  const isBehind = (replica: Replica): boolean =>
    names.has(replica.name) && (!replica.current || replica.offline === true);
  if (meta.leader === node) {
    const known = new Set(meta.replicas?.map((replica) => replica.name));
    const absent = [...names].filter((name) => name !== node && !known.has(name));
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
        lacks.push(`${subject}: ${behind.map((replica) => replica.name).join(", ")} not current`);
      }
    }
  }
  return lacks;
}

const allStreams = { accounts: true, streams: true, limit: 100_000 };

/**
 * True where a meta group over several clusters can have no leader yet, whatever this cluster does: fewer of its servers run than
 * a quorum needs, such as while regions start one after the other.
 */
export async function waitsForOthers(connection: ServerConnection): Promise<boolean> {
  const { meta_cluster: meta } = await connection.ask<Jsz>("JSZ");
  if (!meta || meta.leader || !connection.askAll) return false;
  const running = await jetStreamServers(connection, meta.cluster_size);
  return running.length < quorumOf(meta.cluster_size);
}

/**
 * What a meta group that spans several clusters lacks for one of these servers to be stopped; undefined where nothing. Within one
 * cluster that is whole there is nothing to look at.
 */
export async function quorumLack(
  connection: ServerConnection,
  leaving: string,
  own: readonly string[],
): Promise<string | undefined> {
  const { meta_cluster: meta } = await connection.ask<Jsz>("JSZ");
  if (!meta || meta.cluster_size <= own.length || !connection.askAll) return undefined;
  const running = await jetStreamServers(connection, meta.cluster_size);
  const left = running.filter(({ server }) => server !== leaving).length;
  const needed = quorumOf(meta.cluster_size);
  if (left >= needed) return undefined;
  const answered = new Set(running.map(({ server }) => server));
  const silent = new Set(
    running
      .flatMap(({ data }) => data.meta_cluster?.replicas ?? [])
      .map((replica) => replica.name)
      .filter((name) => !answered.has(name)),
  );
  const who = silent.size > 0 ? ` (${[...silent].sort().join(", ")} do not answer)` : "";
  return `without ${leaving} JetStream's meta group would have ${left} of ${meta.cluster_size} servers, and ${needed} are needed${who}`;
}

async function jetStreamServers(connection: ServerConnection, size: number): Promise<readonly AnswerOf<Jsz>[]> {
  const answers = await connection.askAll!<Jsz>("JSZ", {}, { wait: 1500, expected: size });
  return answers.filter(({ data }) => data.disabled !== true);
}

function quorumOf(size: number): number {
  return Math.floor(size / 2) + 1;
}
