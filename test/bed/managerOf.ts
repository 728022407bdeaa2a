import type { JetStreamManager, JetStreamManagerOptions, NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";

/** The client's manager, once JetStream answers this account at its server: each server gets to that in its own time. */
export async function managerOf(
  connection: NatsConnection,
  options: JetStreamManagerOptions = {},
): Promise<JetStreamManager> {
  const { domain } = options;
  await new JetStream(connection, { timeout: 30_000, ...(domain === undefined ? {} : { domain }) }).accountInfo();
  return connection.jetstreamManager({ timeout: 20_000, ...options, checkAPI: false });
}
