import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import type { NatsServer } from "../bed/natsServer";
import { untilHeard } from "../bed/untilHeard";
import { pull } from "../bed/pull";
import { untilReplicated } from "../bed/untilReplicated";
import { contextOf } from "./suite";

describe("A consumer on three servers", () => {
  let servers: NatsServer[] = [];
  let connection: NatsConnection;
  let js: JetStream;
  before(async function () {
    this.timeout(180_000);
    servers = await startJetStreamCluster("2.15.2");
    connection = await connect({ servers: servers[0]!.url });
    js = new JetStream(connection, { timeout: 20_000 });
    await createStream(js, { name: "ORDERS", subjects: ["orders.>"], num_replicas: 3 });
  });
  after(async () => {
    await connection.close();
    await closeConnections();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("scales, pauses and is replaced without losing what is acknowledged, and is back when all is current", async function () {
    this.timeout(180_000);
    const { context } = contextOf(new Map([["servers", servers[0]!.url]]), "urn:workers");
    const base: ConsumerInputs = { stream: "ORDERS", name: "workers", replicas: 1 };
    const id = "ORDERS/workers";
    const live = async () => (await consumerInfo(js, "ORDERS", "workers"))!;
    let { state } = await consumerHandler.create(context, base);
    assert.equal((await live()).cluster!.replicas?.length ?? 0, 0);
    for (let index = 1; index <= 10; index++)
      await connection.jetstream().publish("orders.x", String(index), untilHeard);
    for await (const message of pull(connection, ["ORDERS", "workers"], 6)) {
      assert.ok(await message.ackAck());
    }

    const scaled: ConsumerInputs = { ...base, replicas: 3, pauseUntil: "2100-01-01T00:00:00Z" };
    assert.deepEqual((await consumerHandler.diff(context, id, state, scaled)).changes, {
      replicas: "update",
      pauseUntil: "add",
    });
    state = await consumerHandler.update(context, id, state, scaled);
    const there = await live();
    assert.equal(there.cluster!.replicas!.length, 2);
    assert.ok(there.cluster!.replicas!.every((peer) => peer.current && !peer.offline));
    assert.equal(there.config["pause_until"], "2100-01-01T00:00:00Z");
    assert.equal(there.ack_floor.stream_seq, 6);
    await untilReplicated(js, "ORDERS");

    const news: ConsumerInputs = { ...base, replicas: 3, maxWaiting: 10 };
    assert.equal((await consumerHandler.diff(context, id, state, news)).changes["maxWaiting"], "add-replace");
    await consumerHandler.delete(context, id, state);
    ({ state } = await consumerHandler.create(context, news));
    const after = await live();
    assert.deepEqual([after.config["opt_start_seq"], after.num_pending], [7, 4]);
    assert.deepEqual((await consumerHandler.diff(context, id, state, news)).changes, {});
    await consumerHandler.delete(context, id, state);
    assert.equal(await consumerInfo(js, "ORDERS", "workers"), undefined);
  });
});
