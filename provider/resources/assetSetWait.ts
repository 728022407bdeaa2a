import type { JetStream } from "../apply/jetstream";
import { pendingText } from "../apply/jetstreamStreams";
import { silence } from "../apply/unlessSilent";
import { sleep } from "../apply/wait";
import type { AssetSetKind, Sent } from "./assetSet";

/** Waits until all have a leader and current replicas, by listings: one question for hundreds. What was seen last of those that have not. */
export async function untilAllCurrent<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  js: JetStream,
  sent: ReadonlyMap<string, Sent>,
  deadline: number,
): Promise<Map<string, string>> {
  // A server without a cluster has done all when it answers.
  const clustered = [...sent].filter(([, { info }]) => info.cluster !== undefined);
  const pending = new Map(clustered.map(([id]) => [id, "nothing yet"]));
  if (pending.size === 0) return pending;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2000)) {
    const asking = js.within(deadline - Date.now());
    let seen: JetStream | string = await kind.look(asking, [...pending.keys()]).catch(silence);
    for (const id of pending.keys()) {
      // Where one is not answered for in its time, the others would not be either.
      const info = typeof seen === "string" ? seen : await lookedFor(kind, seen, asking, id).catch(silence);
      if (typeof info === "string") seen = info;
      const evidence = typeof info === "string" ? info : evidenceOf(info, sent.get(id)!.replicas);
      if (evidence === undefined) pending.delete(id);
      else pending.set(id, evidence);
    }
    if (pending.size === 0 || Date.now() + pause > deadline) return pending;
    await sleep(pause);
  }
}

/** What no listing has is asked for: it was there when it was sent. */
async function lookedFor<Inputs extends object>(
  kind: AssetSetKind<Inputs>,
  listed: JetStream,
  js: JetStream,
  id: string,
): Promise<Sent["info"] | undefined> {
  return (await kind.infoOf(listed, id)) ?? (await kind.infoOf(js, id));
}

function evidenceOf(info: Sent["info"] | undefined, replicas: number | undefined): string | undefined {
  return info ? pendingText(info.cluster, replicas) : "it is not there yet";
}
