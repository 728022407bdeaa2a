import type { JetStream } from "../apply/jetstream";

const ending = new WeakMap<object, Set<string>>();

/**
 * Remembers whether the stream is about to be replaced: the engine ends what depends on it first, and the messages that go with
 * the interest of consumers must be there when the stream is backed up, or its end refused.
 */
export function announceEnd({ connection }: JetStream, stream: string, ends: boolean): void {
  const streams = ending.get(connection) ?? new Set();
  ending.set(connection, streams);
  if (ends) streams.add(stream);
  else streams.delete(stream);
}

/** Its consumers go with it, when it goes. */
export function endsSoon({ connection }: JetStream, stream: string): boolean {
  return ending.get(connection)?.has(stream) ?? false;
}
