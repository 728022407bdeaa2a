import assert from "node:assert/strict";
import { consumerInfo, deleteConsumer, updateConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { contextOf, lifecycle } from "./suite";

describe("Consumer", () => {
  const bed = jetStreamBed();
  before(async () => {
    await createStream(bed().js, { name: "ORDERS", subjects: ["orders.>"] });
  });

  const first: ConsumerInputs = {
    stream: "ORDERS",
    name: "invoices",
    filterSubject: "orders.paid",
    ackWait: "1m",
    metadata: { team: "billing" },
  };
  const changed: ConsumerInputs = {
    ...first,
    description: "invoices to send",
    ackWait: "2m",
    maxDeliver: 5,
    metadata: { team: "orders" },
    pauseUntil: "2100-01-01T00:00:00Z",
  };
  lifecycle({
    handler: consumerHandler,
    terraformId: "JETSTREAM_STREAM_ORDERS_CONSUMER_invoices",
    config: () => new Map([["servers", bed().server.url]]),
    first,
    changed: { inputs: changed, paths: ["description", "ackWait", "maxDeliver", "metadata.team", "pauseUntil"] },
    replaced: { inputs: { ...changed, maxWaiting: 10 }, path: "maxWaiting" },
    refused: [
      {
        inputs: { ...first, name: "a.b" },
        path: "name",
        reason: /"a\.b" can't name a consumer: it contains "\."/,
        fix: /name: "a_b"/,
      },
      {
        inputs: { ...first, durableName: "x" } as ConsumerInputs,
        path: "durableName",
        reason: /no property/,
        fix: /write name/,
      },
      {
        inputs: { ...first, ackWait: 30 as unknown as string },
        path: "ackWait",
        reason: /30 has no unit/,
        fix: /ackWait: "30s"/,
      },
      {
        inputs: { ...first, backoff: ["1s", "2s"], maxDeliver: 1 },
        path: "backoff",
        reason: /2 waits, more than maxDeliver/,
      },
      { inputs: { ...first, filterSubjects: ["a"] }, path: "filterSubject", reason: /combined with filterSubjects/ },
      { inputs: { ...first, idleHeartbeat: "5s" }, path: "idleHeartbeat", reason: /only a push consumer/ },
      {
        inputs: { ...first, deliverSubject: "out", maxWaiting: 5 },
        path: "maxWaiting",
        reason: /only a pull consumer/,
      },
      { inputs: { ...first, optStartSeq: 5 }, path: "optStartSeq", reason: /deliverPolicy "by_start_sequence"/ },
      { inputs: { ...first, replicas: 3 }, path: "replicas", reason: /need a cluster/, fix: /replicas: 1/ },
      {
        inputs: { ...first, deliverSubject: "orders.x" },
        path: "deliverSubject",
        reason: /comes back into stream "ORDERS"/,
      },
      { inputs: { ...first, filterSubject: "bills.*" }, path: "filterSubject", reason: /matches no subject of stream/ },
      {
        inputs: { ...first, durable: false },
        path: "inactiveThreshold",
        reason: /not durable ends once nobody has used it for 5s: every `up` would make it anew/,
        fix: /inactiveThreshold: "1h", or leave out durable: false/,
      },
      { inputs: { ...first, stream: "" }, path: "stream", reason: /name is empty/ },
    ],
    drift: {
      make: async () => {
        const info = (await consumerInfo(bed().js, "ORDERS", "invoices"))!;
        await updateConsumer(bed().js, "ORDERS", { ...info.config, max_deliver: 7 });
      },
      path: "maxDeliver",
    },
    remove: () => deleteConsumer(bed().js, "ORDERS", "invoices"),
    exists: async () => (await consumerInfo(bed().js, "ORDERS", "invoices")) !== undefined,
  });

  it("warns of what the server takes and keeps as something else", async () => {
    const { context } = contextOf(
      new Map([["servers", bed().server.url]]),
      "urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:Consumer::odd",
    );
    const inputs: ConsumerInputs = {
      stream: "ORDERS",
      name: "odd",
      ackWait: "1m",
      backoff: ["1s", "5s"],
      maxDeliver: 0,
      maxWaiting: 0,
      maxAckPending: 0,
      deliverGroup: "workers",
      sampleFreq: "150%",
    };
    const { problems } = await consumerHandler.check(context, undefined, inputs);
    assert.deepEqual(
      problems.map(({ path, severity }) => `${severity} ${path}`).sort(),
      ["ackWait", "deliverGroup", "maxAckPending", "maxDeliver", "maxWaiting", "sampleFreq"].map(
        (path) => `warning ${path}`,
      ),
    );
    const { state } = await consumerHandler.create(context, inputs);
    const { config } = (await consumerInfo(bed().js, "ORDERS", "odd"))!;
    const kept = [config["ack_wait"], config["max_deliver"], config["max_waiting"], config["max_ack_pending"]];
    assert.deepEqual(kept, [1_000_000_000, -1, 512, 1000]);
    assert.equal("deliver_subject" in config, false);
    await consumerHandler.delete(context, "ORDERS/odd", state);
  });
});
