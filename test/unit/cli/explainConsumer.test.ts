import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { explainConsumerFiles } from "../../../provider/cli/explainConsumer";

describe("pulumi-nats explain consumer", () => {
  let dir: string;
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-consumer-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const run = (from: object, to: object, json: boolean): string => {
    const [old, wanted] = [path.join(dir, "old.json"), path.join(dir, "new.json")];
    writeFileSync(old, JSON.stringify(from));
    writeFileSync(wanted, JSON.stringify(to));
    return explainConsumerFiles(old, wanted, { serverVersion: "v2.14.9", json });
  };
  const config = { name: "workers", durable_name: "workers", ack_policy: "explicit" };

  it("prints JSON of exactly the documented members, and counts by what consumer info says", () => {
    const info = {
      config,
      delivered: { consumer_seq: 5, stream_seq: 5 },
      ack_floor: { consumer_seq: 3, stream_seq: 3 },
      num_ack_pending: 2,
      num_pending: 0,
    };
    assert.deepEqual(JSON.parse(run(info, { ...config, max_waiting: 5 }, true)), {
      serverVersion: "2.14.9",
      impact: "replace",
      changes: [
        {
          path: "max_waiting",
          from: 512,
          to: 5,
          impact: "replace",
          losesMessages: false,
          redelivers: true,
          why: "the server refuses to change it (10012); replaces the consumer; resumes at its acknowledged floor (3); redelivers 2 unacknowledged messages",
        },
      ],
    });
  });

  it("prints text, and names what is no consumer", () => {
    assert.throws(
      () => run({ name: "ORDERS", subjects: ["orders.>"], storage: "file" }, config, false),
      /old\.json: this is a stream's configuration \(subjects, storage\), a consumer's is wanted\. Fix: .*explain stream$/,
    );
    assert.equal(
      run(config, { ...config, rate_limit_bps: 5 }, false),
      'refused (nats-server 2.14.9)\n  rate_limit_bps: 0 → 5: refused: the server refuses it: only a push consumer can have it. Fix: leave it out, or make it a push consumer: deliver_subject: "out.orders"\n',
    );
    assert.throws(
      () => run({ ...config, ack_wait: "30s" }, config, true),
      /old\.json: ack_wait: a whole number \(nanoseconds\) is wanted/,
    );
  });
});
