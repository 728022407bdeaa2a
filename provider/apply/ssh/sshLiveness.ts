import type { Duplex } from "node:stream";

/** A host that is asked every few seconds, and from which nothing at all comes for so long, counts as lost. */
const askEvery = 5_000;
const lostAfter = 20;

/** Questions go on without an end: on a slow line they wait behind what is sent, so unanswered ones tell nothing. */
export const keepalive = { keepaliveInterval: askEvery, keepaliveCountMax: Number.MAX_SAFE_INTEGER };

/** Calls `lose` once the host is silent for too long; anything that arrives is a sign of life. */
export function watchLiveness(stream: Duplex, lose: () => void): void {
  let silent = 0;
  // Ticks, not the clock: neither a machine that slept nor a process that was busy has given the host its chance.
  const timer = setInterval(() => {
    if (++silent <= lostAfter) return;
    clearInterval(timer);
    lose();
  }, 1_000);
  timer.unref();
  stream.on("data", () => (silent = 0));
  stream.on("close", () => clearInterval(timer));
}
