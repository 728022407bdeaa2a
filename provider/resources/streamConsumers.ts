import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { listConsumers } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import { counted } from "../model/counted";

/** Somebody waits for its messages right now. */
export function isInUse({ push_bound: bound, num_waiting: waiting = 0 }: ConsumerInfo): boolean {
  return bound === true || waiting > 0;
}

/** "its 2 consumers, 1 in use,": what goes with a stream beside messages; undefined where that is nothing. */
export async function consumersOf(
  js: JetStream,
  stream: string,
  isCounted: (consumer: ConsumerInfo) => boolean = () => true,
): Promise<string | undefined> {
  const info = await streamInfo(js, stream);
  if (!info || (info.state.consumer_count ?? 0) === 0) return undefined;
  const consumers = (await listConsumers(js, stream)).filter(isCounted);
  if (consumers.length === 0) return undefined;
  const used = consumers.filter(isInUse).length;
  return `its ${counted(consumers.length, "consumer")}${used === 0 ? "" : `, ${used} in use,`}`;
}

/** The same of several, by name. */
export async function consumersByStream(js: JetStream, streams: readonly string[]): Promise<Map<string, string>> {
  const found = await inTurns(streams, async (stream): Promise<[string, string][]> => {
    const text = await consumersOf(js, stream);
    return text === undefined ? [] : [[stream, text]];
  });
  return new Map(found.flat());
}
