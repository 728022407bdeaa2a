import type { JetStream } from "../apply/jetstream";

const moves = new WeakMap<object, Map<string, string>>();

/**
 * Remembers which stream takes the place of one that was just compared: its consumers go on there, and what is said of them is said
 * after that.
 */
export function announceMove({ connection }: JetStream, from: string, to: string | undefined): void {
  const known = moves.get(connection) ?? new Map<string, string>();
  moves.set(connection, known);
  if (to === undefined) known.delete(from);
  else known.set(from, to);
}

/** The stream that takes the place of this one. */
export function movesTo({ connection }: JetStream, from: string): string | undefined {
  return moves.get(connection)?.get(from);
}
