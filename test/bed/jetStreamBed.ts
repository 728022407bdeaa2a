import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { NatsServer } from "./natsServer";

/** One server with JetStream for the tests of a describe block, and a connection to it. */
export interface JetStreamBed {
  readonly server: NatsServer;
  readonly connection: NatsConnection;
  readonly js: JetStream;
}

/** Started before the block's tests, stopped after them; the answer is good from then on. */
export function jetStreamBed(): () => JetStreamBed {
  let bed: JetStreamBed;
  before(async () => {
    const server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`);
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
