import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { Consumer } from "../../provider/resources/consumer";
import { Consumers } from "../../provider/resources/consumers";
import { KeyValue } from "../../provider/resources/keyValue";
import { ObjectStore } from "../../provider/resources/objectStore";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { Streams } from "../../provider/resources/streams";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import type { NatsServer } from "../bed/natsServer";
import { withStack } from "../bed/stack";

describe("customTimeouts of streams, buckets and consumers", function () {
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
      new KeyValue("config", { replicas: 3 }, options);
      new ObjectStore("assets", { replicas: 3 }, options);
      new Consumer("worker", { stream: "JOBS", replicas: 3 }, options);
      new Consumers("workers", { consumers: { JOBS: { B: { replicas: 3 } } } }, options);
      return {};
    };
    await createStream(js, { name: "JOBS", num_replicas: 3 });
    await withStack(program, async (stack) => {
      servers[2]!.process.kill("SIGSTOP");
      const failed = await stack.attempt("up", { continueOnError: true });
      assert.match(
        failed.messages("ORDERS").join("\n"),
        /not within 3 s; last seen: .*(n2|no leader).*customTimeouts gives it longer/s,
      );
      assert.match(failed.messages("many").join("\n"), /stream "A": not current in time; last seen: .*(n2|no leader)/);
      for (const [name, what] of Object.entries(others)) {
        const said = failed.messages(name).join("\n");
        assert.match(
          said,
          new RegExp(`${what}: (leader and .*: not within 3 s|not current in time); last seen: `),
          name,
        );
        assert.match(said, /last seen: .*(n2|no leader).*customTimeouts gives it longer/s, name);
      }
      const { created } = (await streamInfo(js, "ORDERS"))!;
      servers[2]!.process.kill("SIGCONT");
      assert.deepEqual((await stack.up()).counts, { update: 6 });
      assert.equal((await streamInfo(js, "ORDERS"))!.created, created);
      assert.deepEqual((await stack.preview()).counts, { same: 6 });
    });
  });
});

/** As each calls what it waits for. */
const others: Readonly<Record<string, string>> = {
  config: 'stream "KV_config"',
  assets: 'stream "OBJ_assets"',
  worker: 'consumer "worker" of stream "JOBS"',
  workers: 'consumer "JOBS/B"',
};
