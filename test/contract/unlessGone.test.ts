import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { untilCurrent } from "../../provider/apply/jetstreamStreams";
import { applyStream } from "../../provider/resources/streamApply";
import { NatsServer } from "../bed/natsServer";

const unknown = { error: { code: 404, err_code: 10059, description: "stream not found" } };
const stream = {
  config: { name: "A", subjects: ["a"], num_replicas: 1 },
  created: "2026-01-01T00:00:00Z",
  cluster: { leader: "n1" },
};

describe("A leader that does not know yet what was there a moment ago", () => {
  const servers: NatsServer[] = [];
  const connections: NatsConnection[] = [];
  const answers: Readonly<Record<string, object>> = {
    "STREAM.INFO.A": stream,
    "STREAM.UPDATE.A": stream,
    "CONSUMER.CREATE.A.c": { name: "c", config: { name: "c" }, created: stream.created },
  };
  const asked = new Map<string, number>();
  /** How often it says so before it knows. */
  let refusals = 0;
  let cluster: JetStream;
  let alone: JetStream;
  before(async () => {
    const started = async (conf: string): Promise<JetStream> => {
      const server = await NatsServer.start(conf);
      servers.push(server);
      const connection = await connect({ servers: server.url });
      connections.push(connection);
      connection.subscribe("$JS.API.>", {
        callback: (_error, message) => {
          const subject = message.subject.slice("$JS.API.".length);
          const before = asked.get(subject) ?? 0;
          asked.set(subject, before + 1);
          message.respond(JSON.stringify(before < refusals ? unknown : answers[subject]));
        },
      });
      return new JetStream(connection);
    };
    cluster = await started("port: -1\ncluster { name: C, listen: 127.0.0.1:-1 }");
    alone = await started("port: -1");
  });
  beforeEach(() => asked.clear());
  after(async () => {
    for (const connection of connections) await connection.close();
    for (const server of servers) await server.stop();
  });

  it("is asked again for a stream, its change, and a consumer of it", async () => {
    refusals = 2;
    assert.equal((await untilCurrent(cluster, "A", 1, 5000)).created, stream.created);
    await applyStream(cluster, stream as never, { ...stream.config, max_msgs: 7 }, 5000);
    assert.equal((await createConsumer(cluster, "A", { name: "c" })).name, "c");
    assert.deepEqual(Object.fromEntries(asked), {
      "STREAM.INFO.A": 4,
      "STREAM.UPDATE.A": 3,
      "CONSUMER.CREATE.A.c": 3,
    });
  });

  it("is believed in the end", async () => {
    refusals = Infinity;
    const before = Date.now();
    await assert.rejects(
      createConsumer(cluster, "A", { name: "c" }),
      /stream not found \(10059\)\. Fix: make the stream/,
    );
    await assert.rejects(untilCurrent(cluster, "A", 1, 60_000), /stream not found \(10059\)\. Fix: make the stream/);
    assert.ok(Date.now() - before < 30_000);
    assert.ok(asked.get("CONSUMER.CREATE.A.c")! > 2);
  });

  it("is believed at once where it is the only server", async () => {
    refusals = Infinity;
    await assert.rejects(createConsumer(alone, "A", { name: "c" }), /10059/);
    await assert.rejects(untilCurrent(alone, "A", 1, 60_000), /10059/);
    assert.deepEqual(Object.fromEntries(asked), { "STREAM.INFO.A": 1, "CONSUMER.CREATE.A.c": 1 });
  });
});
