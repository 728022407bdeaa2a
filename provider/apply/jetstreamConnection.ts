import type { NatsConnection } from "nats";

const open = new Map<string, Promise<NatsConnection>>();

/** One connection for each list of servers. */
export function connectionFor(config: ReadonlyMap<string, string>): Promise<NatsConnection> {
  const servers = config.get("servers") ?? "nats://127.0.0.1:4222";
  let connection = open.get(servers);
  if (!connection) {
    const { connect } = require("nats") as typeof import("nats");
    connection = connect({ servers: servers.split(","), timeout: 2000, name: "pulumi-nats" });
    open.set(servers, connection);
    connection.catch(() => open.delete(servers));
  }
  return connection;
}

export async function closeJetStreamConnections(): Promise<void> {
  const all = [...open.values()];
  open.clear();
  await Promise.all(
    all.map((one) =>
      one.then(
        (connection) => connection.close(),
        () => undefined,
      ),
    ),
  );
}
