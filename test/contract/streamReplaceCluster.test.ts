import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream, streamInfo, streamNames, untilCurrent } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { streamHandler } from "../../provider/resources/streamHandler";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { PublishLoad } from "../bed/publishLoad";
import { untilHeard } from "../bed/untilHeard";

for (const version of serverVersions.filter((each) => !each.startsWith("2.11"))) {
  describe(`replaceBy: "mirror" on three servers ${version}`, function () {
    this.timeout(120_000);
    const servers: NatsServer[] = [];
    let connection: NatsConnection;
    let js: JetStream;
    before(async () => {
      servers.push(...(await startJetStreamCluster(version)));
      connection = await connect({ servers: servers[0]!.url });
      js = new JetStream(connection, { timeout: 20_000 });
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await Promise.all(servers.map((server) => server.stop()));
    });

    it("keeps all that publishers got acknowledged, three replicas current at the end", async () => {
      const silent = (): Promise<void> => Promise.resolve();
      const context = {
        config: new Map([["servers", servers[0]!.url]]),
        urn: "urn:pulumi:test::test::nats:Stream::ORDERS",
        timeout: 60_000,
        warn: silent,
        info: silent,
      };
      // Right after the start the meta group may not know all servers yet.
      await waitFor("three peers", { timeout: 30_000, interval: 200 }, async () => {
        try {
          await createStream(js, { name: "PROBE", num_replicas: 3 });
          return { value: await untilCurrent(js, "PROBE", 3, 10_000) };
        } catch (error) {
          return { pending: (error as Error).message };
        }
      });
      const inputs = { name: "ORDERS", subjects: ["orders.>"], replicas: 3, replaceBy: "mirror" } as const;
      const made = await streamHandler.create(context, inputs);
      const config = { name: "invoices", durable_name: "invoices", ack_policy: "explicit" };
      await js.request("CONSUMER.CREATE.ORDERS.invoices", { stream_name: "ORDERS", config, action: "create" }, "");
      for (let index = 0; index < 100; index++)
        await connection.jetstream().publish("orders.first", `${index}`, untilHeard);
      const consumer = await connection.jetstream().consumers.get("ORDERS", "invoices");
      for await (const message of await consumer.fetch({ max_messages: 30, expires: 10_000 })) await message.ackAck();
      const load = await PublishLoad.start({
        servers: servers.map(({ url }) => url),
        stream: "ORDERS",
        subject: "orders.load",
        pause: 20,
      });
      await streamHandler.update(context, made.id, made.state, { ...inputs, storage: "memory" });
      const { lost, duplicated } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      const info = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([info.config["storage"], info.cluster!.replicas!.length], ["memory", 2]);
      assert.ok(info.cluster!.replicas!.every(({ current }) => current));
      assert.deepEqual((await streamNames(js)).sort(), ["ORDERS", "PROBE"]);
      const pending = Number((await consumerInfo(js, "ORDERS", "invoices"))!.num_pending);
      assert.equal(pending, info.state.messages - 30);
    });
  });
}
