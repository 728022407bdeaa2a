import type { JetStream } from "../apply/jetstream";

const coming = new WeakMap<object, Set<string>>();

/** Remembers an object store that the program makes: in a preview it is not there yet for those that come after it. */
export function announceStore({ connection }: JetStream, stream: string): void {
  const streams = coming.get(connection) ?? new Set();
  coming.set(connection, streams.add(stream));
}

/** Its stream comes, or is there by now. */
export function isComing({ connection }: JetStream, stream: string): boolean {
  return coming.get(connection)?.has(stream) ?? false;
}
