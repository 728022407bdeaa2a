import type { NodeObservation } from "./observe";
import type { Reach } from "./reach";
import type { Jsz } from "../serverAnswers";

/** A stream or consumer that needs more than a release can do. */
export interface Demand {
  /** "stream ORDERS of account APP" */
  readonly subject: string;
  /** JetStream's API level that it needs. */
  readonly level: number;
}

/** What needs a higher API level of JetStream than this one, as far as these servers show; each once. */
export async function demandsBeyond(
  level: number,
  reach: Reach,
  nodes: readonly NodeObservation[],
): Promise<readonly Demand[]> {
  const found = new Map<string, Demand>();
  const note = (subject: string, metadata: Readonly<Record<string, string>> | undefined): void => {
    const needed = Number(metadata?.["_nats.req.level"] ?? 0);
    if (needed > level) found.set(subject, { subject, level: needed });
  };
  const options = { accounts: true, streams: true, consumer: true, config: true, limit: 100_000 };
  for (const node of nodes) {
    const connection = await reach.to(node.name, node.candidates);
    const jsz = await connection.ask<Jsz>("JSZ", options);
    for (const { name: account, stream_detail: streams = [] } of jsz.account_details ?? []) {
      for (const { name, config, consumer_detail: consumers = [] } of streams) {
        note(`stream ${name} of account ${account}`, config?.metadata);
        for (const one of consumers) {
          note(`consumer ${one.name} of stream ${name} of account ${account}`, one.config?.metadata);
        }
      }
    }
  }
  return [...found.values()];
}
