import type { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { metaLeader } from "./jetStreamCluster";
import type { NatsServer } from "./natsServer";

/** Which server leads neither the group nor the stream: without it everything goes on, but for its replicas. */
export async function followerOf(js: JetStream, servers: readonly NatsServer[], stream: string): Promise<number> {
  const { cluster } = (await streamInfo(js, stream))!;
  const leaders = [servers.indexOf(await metaLeader(servers)), Number(cluster!.leader!.slice(1))];
  return servers.findIndex((_server, index) => !leaders.includes(index));
}
