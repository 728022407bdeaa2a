import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { JetStreamError } from "../../provider/apply/jetstreamErrors";
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
          const times = asked.get(subject) ?? 0;
          asked.set(subject, times + 1);
          message.respond(JSON.stringify(times < refusals ? unknown : answers[subject]));
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

  it("is believed in the end, once for all who ask for that stream, and has its time again once it knew it", async () => {
    refusals = Infinity;
    const many = Array.from({ length: 100 }, (_, index) => createConsumer(cluster, "B", { name: `c${index}` }));
    for (const one of many) await assert.rejects(one, /stream not found \(10059\)\. Fix: make the stream/);
    const before = asked.size;
    await assert.rejects(createConsumer(cluster, "B", { name: "late" }), /10059/);
    assert.deepEqual([before, asked.get("CONSUMER.CREATE.B.late")], [100, 1]);
    await assert.rejects(untilCurrent(cluster, "A", 1, 60_000), /stream not found \(10059\)\. Fix: make the stream/);
    const denials = asked.get("STREAM.INFO.A")!;
    assert.ok(denials > 2);
    refusals = denials;
    await untilCurrent(cluster, "A", 1, 5000);
    refusals = Infinity;
    asked.clear();
    await assert.rejects(untilCurrent(cluster, "A", 1, 60_000), /10059/);
    assert.ok(asked.get("STREAM.INFO.A")! > 2);
  });

  it("is an error with all its words where the time for it ends before", async () => {
    refusals = Infinity;
    const hasty = new JetStream(cluster.connection, { timeout: 1000 });
    await assert.rejects(createConsumer(hasty, "C", { name: "c" }), (error) => {
      assert.ok(error instanceof JetStreamError && error.code === 10059, String(error));
      return true;
    });
  });

  it("is believed at once where it is the only server", async () => {
    refusals = Infinity;
    await assert.rejects(createConsumer(alone, "A", { name: "c" }), /10059/);
    await assert.rejects(untilCurrent(alone, "A", 1, 60_000), /10059/);
    assert.deepEqual(Object.fromEntries(asked), { "STREAM.INFO.A": 1, "CONSUMER.CREATE.A.c": 1 });
  });
});
