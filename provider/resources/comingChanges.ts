import type { JetStream } from "../apply/jetstream";
import type { Waiter } from "../plan/interestLoss";
import type { StreamState } from "../plan/streamRulesLoss";

/** What becomes of a consumer of an interest stream, as the program says. */
export interface ComingChange {
  /** When the consumer was made that changes: another of its name is not it. */
  readonly created: string;
  /** What it waits for then; undefined where it ends. */
  readonly after: ((waiter: Waiter, stream: StreamState) => Waiter) | undefined;
}

const coming = new WeakMap<object, Map<string, Map<string, ComingChange>>>();

/**
 * Remembers a change that a check has seen and not refused: consumers that are checked after it can't rely on what this one waits
 * for now. Without a change, an earlier one is forgotten.
 */
export function announceChange(
  { connection }: JetStream,
  stream: string,
  name: string,
  change: ComingChange | undefined,
): void {
  const streams = coming.get(connection) ?? new Map<string, Map<string, ComingChange>>();
  coming.set(connection, streams);
  const changes = streams.get(stream) ?? new Map<string, ComingChange>();
  streams.set(stream, changes);
  changes.delete(name);
  if (change) changes.set(name, change);
}

/** What comes before the change of that consumer; all of it, where none was announced. */
export function changesBefore({ connection }: JetStream, stream: string, name: string): Map<string, ComingChange> {
  const all = [...(coming.get(connection)?.get(stream) ?? [])];
  const own = all.findIndex(([each]) => each === name);
  return new Map(own < 0 ? all : all.slice(0, own));
}
