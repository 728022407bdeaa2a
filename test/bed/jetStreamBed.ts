import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { NatsServer, serverVersions } from "./natsServer";

/** One server with JetStream for the tests of a describe block, and a connection to it. */
export interface JetStreamBed {
  readonly server: NatsServer;
  readonly connection: NatsConnection;
  readonly js: JetStream;
}

/**
 * Started before the block's tests, stopped after them; the answer is good from then on. `more` is added to the configuration.
 */
export function jetStreamBed(version: string = serverVersions[0], more = ""): () => JetStreamBed {
  let bed: JetStreamBed;
  before(async () => {
    const server = await NatsServer.start(`port: -1\n${more}\njetstream { store_dir: "{dir}/js" }`, version);
    const connection = await connect({ servers: server.url });
    bed = { server, connection, js: new JetStream(connection) };
  });
  after(async () => {
    await bed.connection.close();
    await closeConnections();
    await bed.server.stop();
  });
  return () => bed;
}
