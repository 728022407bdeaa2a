import type { Jsz } from "../serverAnswers";
import type { NodeObservation } from "./observe";
import type { Reach } from "./reach";

export interface Replication {
  readonly account: string;
  readonly stream: string;
  readonly replicas: number;
}

/** The stream with the most replicas, as far as these servers show. */
export async function largestReplication(
  reach: Reach,
  nodes: readonly NodeObservation[],
): Promise<Replication | undefined> {
  let largest: Replication | undefined;
  for (const node of nodes.filter((one) => one.state === "running")) {
    const connection = await reach.to(node.name, node.candidates);
    const jsz = await connection.ask<Jsz>("JSZ", { accounts: true, streams: true, config: true, limit: 100_000 });
    for (const { name: account, stream_detail: streams = [] } of jsz.account_details ?? []) {
      for (const stream of streams) {
        const replicas = stream.config?.num_replicas ?? 1;
        if (replicas > (largest?.replicas ?? 0)) largest = { account, stream: stream.name, replicas };
      }
    }
  }
  return largest;
}
