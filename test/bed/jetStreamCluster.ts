import { connect } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { errorCodes, JetStreamError } from "../../provider/apply/jetstreamErrors";
import { createStream, deleteStream, untilCurrent } from "../../provider/apply/jetstreamStreams";
import type { Jsz, Routez } from "../../provider/apply/serverAnswers";
import { waitFor } from "../../provider/apply/wait";
import { freePorts } from "./freePorts";
import { NatsServer } from "./natsServer";

/** Three servers n0, n1, n2 of one cluster C, whole; the first has the tag "old", the others "new". */
export async function startJetStreamCluster(version: string): Promise<NatsServer[]> {
  const ports = await freePorts(3);
  const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
  const servers = await Promise.all(
    ports.map((port, index) =>
      NatsServer.start(
        `port: -1\nhttp: "127.0.0.1:-1"\nserver_name: n${index}\nserver_tags: ["n:${index}", "${index === 0 ? "old" : "new"}"]
jetstream { store_dir: "{dir}/js" }
cluster { name: C, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
        version,
      ),
    ),
  );
  await metaLeader(servers);
  await untilPlaced(servers[0]!);
  return servers;
}

/** Members of the group may not know yet how much room each other has: a stream on all three is refused (10005) until then. */
async function untilPlaced({ url }: NatsServer): Promise<void> {
  const connection = await connect({ servers: url });
  const js = new JetStream(connection, { timeout: 30_000 });
  await waitFor("room on three servers", { timeout: 60_000 }, async () => {
    try {
      await createStream(js, { name: "PROBE", num_replicas: 3 });
      return { value: true };
    } catch (error) {
      if (error instanceof JetStreamError && error.code === errorCodes.noPeers) return { pending: error.message };
      throw error;
    }
  });
  await untilCurrent(js, "PROBE", 3, 60_000);
  await deleteStream(js, "PROBE");
  await connection.close();
}

/** The server that leads JetStream, once all three are routed, agree on it, and are current. */
export async function metaLeader(servers: readonly NatsServer[]): Promise<NatsServer> {
  return waitFor<NatsServer>("a whole JetStream cluster", { timeout: 90_000 }, async () => {
    const seen = await Promise.all(servers.map(look));
    const leaders = new Set(seen.map(({ leader }) => leader));
    const [leader] = leaders;
    const index = Number(leader?.slice(1) ?? -1);
    const isWhole = leaders.size === 1 && seen[index]?.current === 2 && seen.every(({ routed }) => routed === 2);
    return isWhole ? { value: servers[index]! } : { pending: JSON.stringify(seen) };
  });
}

interface Look {
  readonly leader: string | undefined;
  /** Other members that are current, as the leader says. */
  readonly current: number;
  readonly routed: number;
}

async function look({ ports }: NatsServer): Promise<Look> {
  const ask = async <Answer>(path: string): Promise<Answer> =>
    (await (await fetch(`${ports.monitoring![0]!}/${path}`)).json()) as Answer;
  const [{ meta_cluster: meta }, { routes = [] }] = await Promise.all([ask<Jsz>("jsz"), ask<Routez>("routez")]);
  return {
    leader: meta?.leader,
    current: meta?.replicas?.filter(({ current, offline }) => current && !offline).length ?? 0,
    routed: new Set(routes.map(({ remote_name }) => remote_name)).size,
  };
}
