import { isPassing, JetStreamError } from "./jetstreamErrors";
import { NoAnswer } from "./noAnswer";
import type { Seen } from "./wait";

/** A look at what has no leader at the moment: that is what was seen, and the wait goes on. */
export function unlessSilent<Value>(look: () => Promise<Seen<Value>>): () => Promise<Seen<Value>> {
  return async () => {
    try {
      return await look();
    } catch (error) {
      return { pending: silence(error) };
    }
  };
}

/** What was seen where nobody answers who could, or nobody leads at the moment; what is no silence stays an error. */
export function silence(error: unknown): string {
  if (error instanceof NoAnswer) return `no leader answers (${error.evidence})`;
  if (error instanceof JetStreamError && isPassing(error)) {
    return `no leader answers (${error.description}, ${error.code})`;
  }
  throw error;
}
