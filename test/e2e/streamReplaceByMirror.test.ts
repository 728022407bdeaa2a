import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { Consumer } from "../../provider/resources/consumer";
import { KeyValue } from "../../provider/resources/keyValue";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { NatsServer } from "../bed/natsServer";
import { PublishLoad } from "../bed/publishLoad";
import { withStack } from "../bed/stack";

describe("Streams that keep what they hold, in a stack", function () {
  this.timeout(180_000);
  let server: NatsServer;
  let connection: NatsConnection;
  let js: JetStream;
  before(async () => {
    server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`);
    connection = await connect({ servers: server.url });
    js = new JetStream(connection);
  });
  after(async () => {
    await connection.close();
    await server.stop();
  });

  const program = (storage: "file" | "memory") => async () => {
    const provider = new Provider("here", { servers: server.url });
    const stream = new Stream("ORDERS", { subjects: ["orders.>"], storage, replaceBy: "mirror" }, { provider });
    new Consumer("invoices", { stream: stream.name }, { provider });
    return {};
  };

  it('move to memory by replaceBy: "mirror" under load, as the preview says', async () => {
    await withStack(program("file"), async (stack) => {
      await stack.up();
      for (let index = 0; index < 50; index++) await connection.jetstream().publish("orders.x", `${index}`);
      const consumer = await connection.jetstream().consumers.get("ORDERS", "invoices");
      for await (const message of await consumer.fetch({ max_messages: 20, expires: 5000 })) await message.ackAck();

      stack.program = program("memory");
      const preview = await stack.preview();
      assert.deepEqual(preview.counts, { update: 1, same: 1 });
      assert.match(
        preview.rows.map(({ name, message }) => `${name}: ${message}`).join("\n"),
        /ORDERS: replaced by way of a mirror: keeps 50 messages, 1 consumer resumes at its acknowledged floor; publishers wait/,
      );
      const load = await PublishLoad.start({ servers: [server.url], stream: "ORDERS", subject: "orders.y", pause: 5 });
      await stack.up();
      const { lost, duplicated } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      assert.equal((await streamInfo(js, "ORDERS"))!.config["storage"], "memory");
      assert.equal(Number((await consumerInfo(js, "ORDERS", "invoices"))!.ack_floor.stream_seq), 20);
      assert.deepEqual(await streamNames(js), ["ORDERS"]);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      await stack.refresh();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
    });
  });

  it('get another name by replaceBy: "mirror" under load, their consumers with them', async () => {
    const named = (name: string, max: number) => async () => {
      const provider = new Provider("here", { servers: server.url });
      const stream = new Stream("orders", { name, subjects: ["orders.>"], replaceBy: "mirror" }, { provider });
      new Consumer("invoices", { stream: stream.name, maxAckPending: max }, { provider });
      return {};
    };
    await withStack(named("ORDERS", 10), async (stack) => {
      await stack.up();
      for (let index = 0; index < 50; index++) await connection.jetstream().publish("orders.x", `${index}`);
      const consumer = await connection.jetstream().consumers.get("ORDERS", "invoices");
      for await (const message of await consumer.fetch({ max_messages: 20, expires: 5000 })) await message.ackAck();

      stack.program = named("SALES", 7);
      const preview = await stack.preview();
      assert.deepEqual(preview.counts, { "create-replacement": 2, "delete-replaced": 2, replace: 2 });
      const said = preview.rows.map(({ name, message }) => `${name}: ${message}`).join("\n");
      assert.match(said, /orders: .*"SALES" takes its place by way of a mirror: keeps 50 messages, 1 consumer resumes/);
      assert.match(said, /invoices: goes on in stream "SALES", which takes the place of "ORDERS", after what it has/);
      const load = await PublishLoad.start({ servers: [server.url], stream: "SALES", subject: "orders.y", pause: 5 });
      await stack.up();
      const { lost, duplicated } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      const moved = (await consumerInfo(js, "SALES", "invoices"))!;
      const { messages } = (await streamInfo(js, "SALES"))!.state;
      assert.deepEqual([moved.num_pending, moved.config["max_ack_pending"]], [messages - 20, 7]);
      assert.deepEqual(await streamNames(js), ["SALES"]);
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
      await stack.refresh();
      assert.deepEqual((await stack.preview()).counts, { same: 2 });
    });
  });

  it("are read by get and never changed", async () => {
    await createStream(js, { name: "FOREIGN", subjects: ["foreign"], max_msgs: 7 });
    await createStream(js, { name: "KV_foreign", subjects: ["$KV.foreign.>"], max_msgs_per_subject: 3 });
    const config = { name: "reader", durable_name: "reader", ack_policy: "explicit" };
    await js.request("CONSUMER.CREATE.FOREIGN.reader", { stream_name: "FOREIGN", config, action: "create" }, "reader");
    const get = async () => {
      const provider = new Provider("here", { servers: server.url });
      const stream = Stream.get("stream", "FOREIGN", { provider });
      const consumer = Consumer.get("consumer", "FOREIGN/reader", { provider });
      const bucket = KeyValue.get("bucket", "foreign", { provider });
      return { subjects: stream.subjects, consumer: consumer.id, bucket: bucket.id };
    };
    const before = [await streamInfo(js, "FOREIGN"), await streamInfo(js, "KV_foreign")].map((info) => info!.config);
    await withStack(get, async (stack) => {
      const { outputs } = await stack.up();
      assert.deepEqual(outputs, { subjects: ["foreign"], consumer: "FOREIGN/reader", bucket: "foreign" });
      await stack.up();
    });
    const after = [await streamInfo(js, "FOREIGN"), await streamInfo(js, "KV_foreign")].map((info) => info!.config);
    assert.deepEqual(after, before);
    assert.ok(await consumerInfo(js, "FOREIGN", "reader"));
  });
});
