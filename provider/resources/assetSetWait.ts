import type { JetStream } from "../apply/jetstream";
import { pendingText } from "../apply/jetstreamStreams";
import { sleep } from "../apply/wait";
import type { AssetSetKind, Sent } from "./assetSet";
import type { AssetInfo } from "./assetState";

/** Waits until all have a leader and current replicas, by listings: one question for hundreds. */
export async function untilAllCurrent<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  js: JetStream,
  sent: ReadonlyMap<string, Sent>,
  deadline: number,
): Promise<{ readonly current: Map<string, AssetInfo>; readonly pending: Map<string, string> }> {
  const current = new Map<string, AssetInfo>();
  // A server without a cluster has done all when it answers.
  const clustered = [...sent].filter(([, { info }]) => info.cluster !== undefined);
  const pending = new Map(clustered.map(([id]) => [id, "nothing yet"]));
  if (pending.size === 0) return { current, pending };
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2000)) {
    const seen = await kind.look(js, [...pending.keys()]);
    for (const id of pending.keys()) {
      const info = await kind.infoOf(seen, id);
      const evidence = info ? pendingText(info.cluster, sent.get(id)!.replicas) : "it is not there yet";
      if (evidence === undefined) {
        current.set(id, info!);
        pending.delete(id);
      } else pending.set(id, evidence);
    }
    if (pending.size === 0 || Date.now() + pause > deadline) return { current, pending };
    await sleep(pause);
  }
}
