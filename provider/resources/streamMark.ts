import type { JetStream } from "../apply/jetstream";

/** What is remembered of single streams as long as the connection to their account lasts. */
export interface StreamMark {
  readonly set: (js: JetStream, stream: string, is: boolean) => void;
  readonly has: (js: JetStream, stream: string) => boolean;
}

export function streamMark(): StreamMark {
  const marked = new WeakMap<object, Set<string>>();
  return {
    set({ connection }, stream, is) {
      const streams = marked.get(connection) ?? new Set();
      marked.set(connection, streams);
      if (is) streams.add(stream);
      else streams.delete(stream);
    },
    has: ({ connection }, stream) => marked.get(connection)?.has(stream) ?? false,
  };
}
