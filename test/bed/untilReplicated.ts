import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import type { StreamCluster } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";

/**
 * Until every replica of a stream, or of one of its consumers, has all that its leader has: what is read or made on another server
 * before that is of an earlier moment.
 */
export async function untilReplicated(js: JetStream, stream: string, consumer?: string): Promise<void> {
  const what = consumer === undefined ? stream : `${stream}/${consumer}`;
  await waitFor(`all of ${what} on all replicas`, { timeout: 60_000, interval: 20 }, async () => {
    const info = await (consumer === undefined ? streamInfo(js, stream) : consumerInfo(js, stream, consumer));
    const late = lateOf(info?.cluster);
    return late === undefined ? { value: undefined } : { pending: late };
  });
}

function lateOf(cluster: StreamCluster | undefined): string | undefined {
  if (!cluster?.leader) return "no leader";
  const late = (cluster.replicas ?? []).filter(({ current, lag = 0, offline }) => !current || offline || lag > 0);
  return late.length === 0 ? undefined : late.map(({ name }) => name).join(", ");
}
