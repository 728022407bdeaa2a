import { Duplex } from "node:stream";

/** Opens byte streams to servers, by whatever way leads there. */
export interface Dialer {
  /** For messages: "ssh through ops@10.0.1.11". */
  readonly label: string;
  /** What takes its time before the first byte is sent, such as loading a library: no server is to blame for that. */
  prepare?(): Promise<void>;
  /** `timeout` in milliseconds. The host is the one of the server's URL, and is resolved where the way ends. */
  dial(host: string, port: number, timeout: number): Promise<Duplex>;
  close(): Promise<void>;
}

/**
 * The stream behind one of our own: NATS' client takes all listeners off its socket after the greeting, which would cut
 * through what a foreign stream keeps by its own listeners.
 */
export function insulated(inner: Duplex): Duplex {
  const outer = new Duplex({
    read: () => inner.resume(),
    write: (chunk, _encoding, done) => inner.write(chunk as Buffer, done),
    final: (done) => inner.end(done),
    destroy(error, done) {
      inner.destroy();
      done(error);
    },
  });
  inner.on("data", (chunk: Buffer) => {
    if (!outer.push(chunk)) inner.pause();
  });
  inner.on("end", () => outer.push(null));
  inner.on("error", (error) => outer.destroy(error));
  inner.on("close", () => outer.destroy());
  return outer;
}
