import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import { waitFor } from "../../provider/apply/wait";

/** Subjects that a user tries to publish and to subscribe to. */
export interface Tried {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Tries all of it on a connection of its own, closes that, and finds that the server has refused exactly `refused`. */
export async function tryOut(connection: NatsConnection, tried: Tried, refused: readonly string[]): Promise<void> {
  const seen: string[] = [];
  void (async () => {
    for await (const status of connection.status()) {
      const { permissionContext: context } = status as { permissionContext?: { operation: string; subject: string } };
      if (context) seen.push(`${context.operation} ${context.subject}`);
    }
  })();
  for (const subject of tried.publish) connection.publish(subject, "x");
  for (const subject of tried.subscribe) connection.subscribe(subject, { callback: () => undefined });
  // The server says no before it answers the flush; the client hands it on a little later.
  await connection.flush();
  await waitFor("what the server refuses", { timeout: 60_000 }, async () =>
    seen.length >= refused.length ? { value: true } : { pending: seen.join() },
  );
  await connection.close();
  assert.deepEqual(seen.sort(), [...refused].sort());
}
