import assert from "node:assert/strict";
import { consumerSpec } from "../../../provider/model/nack/nackConsumer";
import { objectNameFrom } from "../../../provider/model/nack/nackNames";
import { whyNotSettled } from "../../../provider/model/nack/nackSettled";
import { streamSpec } from "../../../provider/model/nack/nackStream";

describe("objects of nack", () => {
  it("hold sizes as numbers and durations as Go writes them", () => {
    const { spec, problems } = streamSpec({
      name: "ORDERS",
      subjects: ["orders.>"],
      maxBytes: "10GiB",
      maxAge: "7d",
      duplicateWindow: "90s",
      maxMsgs: -1,
      allowDirect: true,
      consumerLimits: { inactiveThreshold: "1h" },
      sources: [{ name: "EU", optStartSeq: 5, subjectTransforms: [{ source: "eu.>", dest: "orders.>" }] }],
      republish: { source: "orders.>", destination: "again.>", headersOnly: true },
      metadata: { team: "shop" },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(spec, {
      name: "ORDERS",
      subjects: ["orders.>"],
      maxBytes: 10 * 1024 ** 3,
      maxAge: "168h0m0s",
      duplicateWindow: "1m30s",
      maxMsgs: -1,
      allowDirect: true,
      consumerLimits: { inactiveThreshold: "1h0m0s" },
      sources: [{ name: "EU", optStartSeq: 5, subjectTransforms: [{ source: "eu.>", dest: "orders.>" }] }],
      republish: { source: "orders.>", destination: "again.>", headers_only: true },
      metadata: { team: "shop" },
      storage: "file",
      preventDelete: true,
    });
  });

  it("are kept on disk, for ever, and beyond their objects where nothing is said", () => {
    const { spec } = streamSpec({ name: "A", subjects: ["a"] });
    assert.deepEqual(spec, { name: "A", subjects: ["a"], storage: "file", maxAge: "0s", preventDelete: true });
  });

  it("say all that is wrong at once, each with what to type", () => {
    const { problems } = streamSpec({
      name: "my orders",
      subjects: ["orders..new"],
      maxAge: 7,
      maxBytes: "10 gigs",
      replicas: 7,
      max_msgs: 5,
    });
    assert.deepEqual(
      problems.map(({ path, fix }) => [path, fix]),
      [
        ["maxAge", 'maxAge: "7s", "7m" or "7h"'],
        ["maxBytes", 'maxBytes: "10GiB"'],
        ["replicas", "replicas: 5"],
        ["max_msgs", "write maxMsgs"],
        ["name", 'name: "my_orders"'],
        ["subjects[0]", 'subjects: ["orders.>"]'],
      ],
    );
    const [idle] = streamSpec({ name: "IDLE" }).problems;
    assert.equal(idle?.reason, "a stream without subjects, mirror and sources gets no message");
    assert.deepEqual(streamSpec({ name: "COPY", mirror: { name: "ORDERS" } }).problems, []);
  });

  it("acknowledge where nothing is said, and wait as long as the first pause is", () => {
    const base = { streamName: "ORDERS", durableName: "billing" };
    const defaults = { ...base, ackPolicy: "explicit", deliverPolicy: "all", replayPolicy: "instant" };
    assert.deepEqual(consumerSpec(base).spec, { ...defaults, ackWait: "30s" });
    assert.deepEqual(consumerSpec({ ...base, backoff: ["1s", "1m"] }).spec, {
      ...defaults,
      ackWait: "1s",
      backoff: ["1s", "1m0s"],
    });
    assert.deepEqual(consumerSpec({ ...base, ackPolicy: "none" }).spec, { ...defaults, ackPolicy: "none" });
  });

  it("have no consumer that contradicts itself", () => {
    const faults = (inputs: object): string[] =>
      consumerSpec({ streamName: "ORDERS", durableName: "billing", ...inputs }).problems.map(({ path }) => path);
    assert.deepEqual(faults({ filterSubject: "a", filterSubjects: ["b"] }), ["filterSubject"]);
    assert.deepEqual(faults({ deliverPolicy: "byStartSequence" }), ["optStartSeq"]);
    assert.deepEqual(faults({ optStartTime: "2026-01-31T12:00:00Z" }), ["optStartTime"]);
    assert.deepEqual(faults({ flowControl: true, heartbeatInterval: "5s" }), ["flowControl", "heartbeatInterval"]);
    assert.deepEqual(faults({ flowControl: true, heartbeatInterval: "5s", deliverSubject: "to" }), []);
    assert.deepEqual(faults({ backoff: ["1s", "1m"], ackWait: "30s" }), ["ackWait"]);
    assert.deepEqual(faults({ backoff: ["1s", "1m"], maxDeliver: 1 }), ["maxDeliver"]);
    assert.deepEqual(faults({ durableName: "a.b" }), ["durableName"]);
  });

  it("have names that Kubernetes takes", () => {
    assert.equal(objectNameFrom("ORDERS_EU"), "orders-eu");
    assert.equal(objectNameFrom("ORDERS", "_billing_"), "orders-billing");
    assert.ok(objectNameFrom("X".repeat(80)).length <= 63);
  });

  it("are settled once the controller says so of what they are now", () => {
    const status = (observedGeneration: number, ready?: string, message?: string) => ({
      metadata: { generation: 2 },
      status: {
        observedGeneration,
        ...(ready ? { conditions: [{ type: "Ready", status: ready, ...(message ? { message } : {}) }] } : {}),
      },
    });
    assert.equal(whyNotSettled(status(2, "True")), undefined);
    assert.equal(whyNotSettled(status(1, "True")), "the controller has not looked at it");
    assert.equal(whyNotSettled({}), "the controller has not looked at it");
    assert.equal(whyNotSettled(status(1, "False", "no such stream (10059)")), "no such stream (10059)");
  });
});
