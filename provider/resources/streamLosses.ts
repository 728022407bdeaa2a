import type { JetStream } from "../apply/jetstream";

const losing = new WeakMap<object, Set<string>>();

/**
 * Remembers whether the change of a stream that was just looked at deletes messages: what is counted for its consumers in the
 * same preview is counted before that. Once it is sent, it is true no more.
 */
export function announceLoss({ connection }: JetStream, stream: string, loses: boolean): void {
  const streams = losing.get(connection) ?? new Set();
  losing.set(connection, streams);
  if (loses) streams.add(stream);
  else streams.delete(stream);
}

/** A change that deletes messages of that stream comes first. */
export function losesFirst({ connection }: JetStream, stream: string): boolean {
  return losing.get(connection)?.has(stream) ?? false;
}
