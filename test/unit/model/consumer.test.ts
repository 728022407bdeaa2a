import assert from "node:assert/strict";
import { consumerProblems, expandConsumer, flattenConsumer } from "../../../provider/model/consumer";

const full = {
  name: "C",
  description: "d",
  deliverPolicy: "by_start_sequence",
  optStartSeq: 5,
  ackPolicy: "all",
  ackWait: "1m",
  maxDeliver: 5,
  filterSubjects: ["a", "b"],
  replayPolicy: "original",
  sampleFreq: "50%",
  maxWaiting: 10,
  maxAckPending: -1,
  headersOnly: true,
  maxBatch: 10,
  maxExpires: "5s",
  maxBytes: "1MiB",
  inactiveThreshold: "36h",
  replicas: 3,
  memStorage: true,
  metadata: { team: "x" },
  pauseUntil: "2100-01-01T00:00:00Z",
  priorityGroups: ["jobs"],
  priorityPolicy: "pinned_client",
  priorityTimeout: "5m",
};
const push = {
  name: "P",
  durable: false,
  ackPolicy: "none",
  backoff: ["1s", "1m30s"],
  filterSubject: "a.>",
  rateLimitBps: 1_000_000,
  flowControl: true,
  deliverSubject: "out",
  deliverGroup: "workers",
  idleHeartbeat: "5s",
  inactiveThreshold: "1h",
};

describe("A consumer's settings", () => {
  it("become the server's JSON and back again", () => {
    for (const inputs of [full, push]) {
      assert.deepEqual(consumerProblems({ ...inputs, stream: "S" }), []);
      assert.deepEqual(flattenConsumer(expandConsumer(inputs)), inputs);
    }
    const config = expandConsumer(push);
    assert.deepEqual(config["backoff"], [1_000_000_000, 90_000_000_000]);
    assert.equal("durable_name" in config, false);
  });

  it("acknowledge each message and are durable unless the program says otherwise", () => {
    assert.deepEqual(expandConsumer({ name: "C" }), { name: "C", durable_name: "C", ack_policy: "explicit" });
    assert.deepEqual(flattenConsumer({ name: "C", durable_name: "C", ack_policy: "explicit", max_waiting: 512 }), {
      name: "C",
    });
  });

  it("report all problems at once, each with path and fix", () => {
    const inputs = {
      stream: "S",
      name: "a.b",
      durable: "x",
      durableName: "x",
      ackWait: 30,
      backoff: ["1s", 5, -1],
      maxExpires: -1,
      heartbeatInterval: "1s",
      target: "out",
      ack: "none",
      overflow_groups: ["jobs"],
      rateLimitBps: 5,
    };
    const problems = consumerProblems(inputs).map(({ path, fix }) => [path, fix]);
    assert.deepEqual(problems, [
      ["durable", 'write name: "x"'],
      ["durableName", "write name"],
      ["ackWait", 'ackWait: "30s", "30m" or "30h"'],
      ["backoff[1]", 'backoff[1]: "5s", "5m" or "5h"'],
      ["backoff[2]", undefined],
      ["maxExpires", 'maxExpires: "0s"'],
      ["heartbeatInterval", "write idleHeartbeat"],
      ["target", "write deliverSubject"],
      ["ack", "write ackPolicy"],
      ["overflow_groups", 'write priorityGroups, with priorityPolicy: "overflow"'],
      ["name", 'name: "a_b"'],
      ["rateLimitBps", 'leave it out, or make it a push consumer: deliverSubject: "out.orders"'],
    ]);
  });

  it("show values as they were written, also those that are names of settings", () => {
    const inputs = {
      stream: "S",
      name: "C",
      ackPolicy: "flow_control",
      filterSubjects: ["max_bytes.flow_control.>", "max_bytes.flow_control.a"],
    };
    assert.deepEqual(
      consumerProblems(inputs).map(({ path, reason }) => `${path}: ${reason}`),
      [
        'filterSubjects[1]: "max_bytes.flow_control.a" overlaps with "max_bytes.flow_control.>" (10138)',
        'ackPolicy: "flow_control" needs a push consumer',
      ],
    );
    const named = consumerProblems({ stream: "S", name: "C", durable_name: "x", headersOnly: 1 });
    assert.deepEqual(
      named.map(({ fix }) => fix),
      ["write name", "headersOnly: true"],
    );
  });

  it("warn of what servers take and make no use of, or something else", () => {
    const told = (inputs: object) =>
      consumerProblems({ stream: "S", name: "C", ...inputs }).map(
        ({ path, reason, fix, severity }) => `${severity} ${path}: ${reason}. ${fix}`,
      );
    assert.deepEqual(told({ sampleFreq: "150%" }), [
      'warning sampleFreq: "150%" is more than all: the server measures each. sampleFreq: "100%"',
    ]);
    assert.deepEqual(told({ sampleFreq: "100%", ackWait: "1s", backoff: ["1s", "5s"], maxWaiting: 1 }), []);
    assert.deepEqual(told({ deliverGroup: "g" }), [
      'warning deliverGroup: only a push consumer has a group: the server takes it without effect. leave it out, or add deliverSubject: "out.orders"',
    ]);
    assert.deepEqual(told({ deliverGroup: "g", deliverSubject: "out" }), []);
    assert.deepEqual(told({ ackWait: "1m", backoff: ["1s", "5s"] }), [
      'warning ackWait: "1m" is without effect: beside backoff its first, "1s", is waited. leave it out, or make "1m" the first of backoff',
    ]);
    assert.deepEqual(told({ maxDeliver: 0, maxWaiting: 0, maxAckPending: 0 }), [
      "warning maxDeliver: 0 is -1, unlimited, for the server. maxDeliver: -1",
      "warning maxWaiting: 0 is the default for the server: 512. leave it out, or maxWaiting: 512",
      "warning maxAckPending: 0 is the default for the server: 1000. leave it out, or maxAckPending: 1000",
    ]);
  });

  it("name what a server is too old for", () => {
    const old = { version: "2.11.17", level: 1 };
    const inputs = { stream: "S", name: "C", priorityPolicy: "prioritized", priorityGroups: ["jobs"], sourcing: true };
    const reasons = consumerProblems(inputs, old).map(({ path, reason }) => `${path}: ${reason}`);
    assert.deepEqual(reasons, [
      "sourcing: sourcing needs nats-server 2.14 (API level 4); this server is 2.11.17 (API level 1)",
      'priorityPolicy: "prioritized" needs nats-server 2.12 (API level 2); this server is 2.11.17 (API level 1)',
    ]);
  });

  it("are held against their stream", () => {
    const stream = { name: "S", retention: "workqueue", num_replicas: 1, subjects: ["s.>"] };
    const inputs = {
      stream: "S",
      name: "C",
      ackPolicy: "all",
      deliverPolicy: "new",
      replicas: 3,
      filterSubject: "other",
    };
    const problems = consumerProblems(inputs, undefined, stream);
    assert.deepEqual(
      problems.map(({ path, severity }) => [path, severity]),
      [
        ["replicas", undefined],
        ["ackPolicy", undefined],
        ["deliverPolicy", undefined],
        ["filterSubject", "warning"],
      ],
    );
  });
});
