import type { NatsConnection } from "nats";

const waiting = new WeakMap<NatsConnection, Set<() => void>>();
const lost = new WeakSet<NatsConnection>();

/** A connection that requests went over was lost, and is not there again. */
export function isLost(connection: NatsConnection): boolean {
  return lost.has(connection);
}

/**
 * The answer to a request, or undefined when the connection was lost and is there again: an answer that was under way never
 * comes, and to wait for it would be to wait for its timeout.
 */
export async function unlessReconnected<Answer>(
  connection: NatsConnection,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const listeners = waiting.get(connection) ?? listen(connection);
  let listener: (() => void) | undefined;
  const reconnected = new Promise<undefined>((resolve) => {
    listener = () => resolve(undefined);
    listeners.add(listener);
  });
  try {
    return await Promise.race([ask(), reconnected]);
  } finally {
    listeners.delete(listener!);
  }
}

function listen(connection: NatsConnection): Set<() => void> {
  const listeners = new Set<() => void>();
  waiting.set(connection, listeners);
  const follow = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if ((type as string) === "disconnect") lost.add(connection);
      if ((type as string) !== "reconnect") continue;
      lost.delete(connection);
      for (const listener of listeners) listener();
    }
  };
  void follow();
  return listeners;
}
