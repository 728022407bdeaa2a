/** Tells when the processors have had time to spare for a while, one asker at a time. */
import { cpus } from "node:os";

/** Share of all processors' time that must be left for one more. */
const share = 0.25;
/** Over so many milliseconds, in which the last that was let in has begun its work. */
const span = 3_000;

export class Idleness {
  #turn = Promise.resolve();

  /** Waits for it, or until `isOver`. */
  enough(isOver) {
    const turn = this.#turn.then(() => untilIdle(isOver));
    this.#turn = turn;
    return turn;
  }
}

async function untilIdle(isOver) {
  while (!isOver()) {
    const before = times();
    await new Promise((resolve) => setTimeout(resolve, span));
    const now = times();
    if ((now.idle - before.idle) / (now.all - before.all) > share) return;
  }
}

function times() {
  const all = cpus().flatMap((cpu) => Object.values(cpu.times));
  const idle = cpus().map((cpu) => cpu.times.idle);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return { idle: sum(idle), all: sum(all) };
}
