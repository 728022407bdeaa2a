import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { Streams } from "../../provider/resources/streams";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import type { NatsServer } from "../bed/natsServer";
import { withStack } from "../bed/stack";

describe("customTimeouts of streams", function () {
  this.timeout(300_000);
  let servers: NatsServer[] = [];
  let connection: NatsConnection;
  let js: JetStream;
  before(async () => {
    servers = await startJetStreamCluster("2.15.2");
    connection = await connect({ servers: servers[0]!.url });
    js = new JetStream(connection, { timeout: 20_000 });
  });
  after(async () => {
    servers[2]?.process.kill("SIGCONT");
    await connection.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("end a wait with what was seen last; what stands is kept, and the next up goes on", async () => {
    const program = async () => {
      const options = {
        // Where the one that stands still is to lead, another one must be elected first.
        provider: new Provider("here", { servers: servers[0]!.url, timeout: "40s" }),
        customTimeouts: { create: "3s", update: "90s" },
      };
      new Stream("ORDERS", { replicas: 3 }, options);
      new Streams("many", { streams: { A: { replicas: 3 } } }, options);
      return {};
    };
    await withStack(program, async (stack) => {
      servers[2]!.process.kill("SIGSTOP");
      const failed = await stack.attempt("up");
      assert.match(
        failed.messages("ORDERS").join("\n"),
        /not within 3 s; last seen: .*n2.*customTimeouts gives it longer/s,
      );
      assert.match(failed.messages("many").join("\n"), /stream "A": not current in time; last seen: .*n2/);
      const { created } = (await streamInfo(js, "ORDERS"))!;
      servers[2]!.process.kill("SIGCONT");
      assert.deepEqual((await stack.up()).counts, { update: 2 });
      assert.equal((await streamInfo(js, "ORDERS"))!.created, created);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
    });
  });
});
