import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { streamHandler } from "../../provider/resources/streamHandler";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { PublishLoad } from "../bed/publishLoad";
import { untilHeard } from "../bed/untilHeard";
import { pull } from "../bed/pull";
import { untilReplicated } from "../bed/untilReplicated";

for (const version of serverVersions.filter((each) => !each.startsWith("2.11"))) {
  describe(`replaceBy: "mirror" on three servers ${version}`, function () {
    this.timeout(240_000);
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
      const inputs = { name: "ORDERS", subjects: ["orders.>"], replicas: 3, replaceBy: "mirror" } as const;
      const made = await streamHandler.create(context, inputs);
      const config = { name: "invoices", durable_name: "invoices", ack_policy: "explicit" };
      await js.request("CONSUMER.CREATE.ORDERS.invoices", { stream_name: "ORDERS", config, action: "create" }, "");
      for (let index = 0; index < 100; index++)
        await connection.jetstream().publish("orders.first", `${index}`, untilHeard);
      for await (const message of pull(connection, ["ORDERS", "invoices"], 30)) await message.ackAck();
      const load = await PublishLoad.start({
        servers: servers.map(({ url }) => url),
        stream: "ORDERS",
        subject: "orders.load",
        pause: 20,
      });
      await streamHandler.update(context, made.id, made.state, { ...inputs, storage: "memory" });
      const { lost, duplicated } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      // The last acknowledgements took two of three.
      await untilReplicated(js, "ORDERS");
      await untilReplicated(js, "ORDERS", "invoices");
      const info = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([info.config["storage"], info.cluster!.replicas!.length], ["memory", 2]);
      assert.ok(info.cluster!.replicas!.every(({ current }) => current));
      assert.deepEqual((await streamNames(js)).sort(), ["ORDERS"]);
      const pending = Number((await consumerInfo(js, "ORDERS", "invoices"))!.num_pending);
      assert.equal(pending, info.state.messages - 30);
    });
  });
}
