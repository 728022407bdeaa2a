import { NatsError } from "../errors";

let reason: string | undefined;

/** Work in steps ends before its next one from now on. */
export function askToEnd(why: string): void {
  reason = why;
}

/** Stands where a change may stop and be gone on with by the next `up`. */
export function mayGoOn(): void {
  if (reason !== undefined) throw new NatsError(reason);
}
