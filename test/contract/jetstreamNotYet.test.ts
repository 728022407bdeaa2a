import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { NatsServer } from "../bed/natsServer";

const notEnabled = { error: { code: 503, err_code: 10039, description: "JetStream not enabled for account" } };

const offline = { error: { code: 400, err_code: 10005, description: "no suitable peers for placement, peer offline" } };

describe("JetStream of an account that a server has just loaded", () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let asked = 0;
  let refusals = 0;
  before(async () => {
    server = await NatsServer.start("port: -1");
    connection = await connect({ servers: server.url });
    // In the place of a server that enables it a moment after the account has come.
    connection.subscribe("$JS.API.INFO", {
      callback: (_error, message) => {
        message.respond(JSON.stringify(asked++ < refusals ? notEnabled : { streams: 7 }));
      },
    });
  });
  beforeEach(() => (asked = 0));
  after(async () => {
    await connection.close();
    await server.stop();
  });

  it("is asked again", async () => {
    refusals = 2;
    assert.equal((await new JetStream(connection).accountInfo()).streams, 7);
    assert.equal(asked, 3);
  });

  it("is missing where it does not come", async () => {
    refusals = Infinity;
    await assert.rejects(
      new JetStream(connection, { timeout: 60_000 }).accountInfo(),
      /JetStream not enabled for account \(10039\)\. Fix: give the account JetStream/,
    );
    assert.ok(asked > 1);
  });
});

describe("A leader that has not heard of all servers yet", () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let asked = 0;
  before(async () => {
    server = await NatsServer.start("port: -1");
    connection = await connect({ servers: server.url });
    connection.subscribe("$JS.API.STREAM.CREATE.A", {
      callback: (_error, message) => message.respond(JSON.stringify(asked++ < 2 ? offline : { config: { name: "A" } })),
    });
  });
  after(async () => {
    await connection.close();
    await server.stop();
  });

  it("is asked again for a stream's place", async () => {
    await new JetStream(connection).request("STREAM.CREATE.A", { name: "A" }, 'stream "A"');
    assert.equal(asked, 3);
  });
});
