import type { JetStream } from "./jetstream";
import { isNotFound } from "./jetstreamErrors";

/** Longer than an election of servers takes (4 s at most, by default). */
const usualPatience = 5000;

/**
 * Of what was there a moment ago, one server of a cluster may say that it isn't: what it said is returned, for the wait to go on.
 * Whatever else it is, or said for longer than `patience` milliseconds, stays an error.
 */
export function unlessGone(js: JetStream, patience = usualPatience): (error: unknown) => string {
  let since: number | undefined;
  return (error) => {
    if (!isNotFound(error) || !js.isClustered) throw error;
    since ??= Date.now();
    if (Date.now() - since > patience) throw error;
    return `${(error as Error).message.split(". Fix:")[0]}`;
  };
}
