import { NatsError } from "../errors";
import { seconds } from "./within";

/** One look: the value that was waited for, or what was seen instead. */
export type Seen<Value> = { readonly value: Value } | { readonly pending: string };

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Pause between two looks in milliseconds; grows to ten times as much. Default 50. */
  readonly interval?: number;
}

/** Thrown when a wait's time is over; `evidence` is what was seen last. */
export class WaitTimeout extends NatsError {
  readonly evidence: string;
  constructor(what: string, timeout: number, evidence: string) {
    super(`${what}: not within ${seconds(timeout)}; last seen: ${evidence}`);
    this.evidence = evidence;
  }
}

/** The one way to wait: named, bounded, and its error says what was seen last. What `look` throws ends the wait. */
export async function waitFor<Value>(
  what: string,
  options: WaitOptions,
  look: () => Promise<Seen<Value>>,
): Promise<Value> {
  const deadline = Date.now() + options.timeout;
  const first = options.interval ?? 50;
  for (let pause = first; ; pause = Math.min(pause * 1.5, first * 10)) {
    const seen = await look();
    if ("value" in seen) return seen.value;
    if (Date.now() + pause > deadline) throw new WaitTimeout(what, options.timeout, seen.pending);
    await sleep(pause);
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
