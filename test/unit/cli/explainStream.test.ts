import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { explainStreamFiles } from "../../../provider/cli/explainStream";

describe("pulumi-nats explain stream", () => {
  let dir: string;
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-stream-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const config = { name: "ORDERS", subjects: ["orders.>"] };
  const files = (from: string, to: string): [string, string] => {
    const [old, wanted] = [path.join(dir, "old.json"), path.join(dir, "new.json")];
    writeFileSync(old, from);
    writeFileSync(wanted, to);
    return [old, wanted];
  };
  const explain = (
    to: object,
    serverVersion = "2.15.2",
  ): { impact: string; changes: { path: string; why: string }[] } =>
    JSON.parse(
      explainStreamFiles(...files(JSON.stringify(config), JSON.stringify({ ...config, ...to })), {
        serverVersion,
        json: true,
      }),
    ) as never;

  const refused: [string, object, string][] = [
    ["more replicas than five", { num_replicas: 6 }, "num_replicas"],
    ["fewer replicas than none", { num_replicas: -1 }, "num_replicas"],
    ["a negative age", { max_age: -5 }, "max_age"],
    ["a negative window", { duplicate_window: -5 }, "duplicate_window"],
    ["a negative marker", { allow_msg_ttl: true, subject_delete_marker_ttl: -5 }, "subject_delete_marker_ttl"],
    ["itself as a source", { sources: [{ name: "ORDERS" }] }, "sources"],
    ["its own subjects as a source", { sources: [{ name: "ORDERS", filter_subject: "orders.new" }] }, "sources"],
    ["an unknown key inside", { placement: { clusterr: "x" } }, "placement.clusterr"],
  ];
  for (const [what, to, field] of refused) {
    it(`refuses ${what}`, () => {
      const { impact, changes } = explain(to);
      assert.equal(impact, "refused");
      assert.ok(
        changes.some((change) => change.path === field || change.path === /^[^.]*/.exec(field)![0]),
        JSON.stringify(changes),
      );
    });
  }

  it("takes a source of its own that is filtered beside its subjects", () => {
    assert.equal(explain({ sources: [{ name: "ORDERS", filter_subject: "other" }] }).impact, "update");
  });

  it("tells of the streams that buckets are as of every other", () => {
    const bucket = {
      name: "KV_config",
      subjects: ["$KV.config.>"],
      max_msgs_per_subject: 5,
      discard: "new",
      deny_delete: true,
      allow_rollup_hdrs: true,
      allow_direct: true,
    };
    const saidOf = (change: object): string => {
      const [old, wanted] = files(JSON.stringify(bucket), JSON.stringify({ ...bucket, ...change }));
      return explainStreamFiles(old, wanted, { serverVersion: "2.15.2" });
    };
    assert.match(saidOf({ max_msgs_per_subject: 1 }), /^update .*oldest first; may delete messages$/ms);
    assert.match(saidOf({ max_bytes: 1000 }), /messages that are stored stay, new ones are refused/);
    assert.match(saidOf({ deny_delete: false }), /^replace /);
    assert.match(saidOf({ allow_msg_ttl: true, subject_delete_marker_ttl: 60_000_000_000 }), /^one-way /);
  });

  it("reads keys in any case, as the server does, and a byte order mark", () => {
    const [old, wanted] = files(`\uFEFF${JSON.stringify(config)}`, '{"Name":"ORDERS","SUBJECTS":["orders.>"]}');
    assert.equal(explainStreamFiles(old, wanted, { serverVersion: "2.15.2" }), "none (nats-server 2.15.2)\n");
  });

  const mistyped: [object, RegExp][] = [
    [{ subjects: "orders" }, /subjects: a list of texts is wanted/],
    [{ max_msgs: 1.5 }, /max_msgs: a whole number is wanted/],
    [
      { max_msg_size: 3_000_000_000 },
      /max_msg_size: a whole number \(bytes\) from -2147483648 to 2147483647 is wanted/,
    ],
    [{ first_seq: -1 }, /first_seq: a whole number from 0 to 18446744073709551615 is wanted/],
    [{ placement: { cluster: 5 } }, /placement\.cluster: text is wanted/],
    [{ sources: [{ name: "A", opt_start_time: "noon" }] }, /sources\[0\]\.opt_start_time: a time/],
    [{ metadata: { team: 1 } }, /metadata: an object of texts is wanted/],
  ];
  for (const [to, reason] of mistyped) {
    it(`names what the server's parser refuses: ${JSON.stringify(to)}`, () => assert.throws(() => explain(to), reason));
  }

  it("names what an unknown key was meant to be", () => {
    const { changes } = explain({ max_msgz: 5, placement: { clusterr: "x" } });
    assert.deepEqual(
      changes.map(({ path: at, why }) => [at, why]).filter(([at]) => at === "max_msgz" || at === "placement"),
      [
        ["placement", 'no server knows "placement.clusterr" (10025). Fix: write "cluster"'],
        ["max_msgz", 'no server knows "max_msgz" (10025). Fix: write "max_msgs"'],
      ],
    );
  });

  it("names a file that holds no configuration", () => {
    const consumer = files('{"name":"c","ack_policy":"explicit"}', "{}");
    assert.throws(
      () => explainStreamFiles(...consumer, { serverVersion: "2.15.2" }),
      /old\.json: this is a consumer's configuration \(ack_policy\), a stream's is wanted/,
    );
    const [old, wanted] = files('{"config":5}', "[]");
    assert.throws(() => explainStreamFiles(old, wanted, { serverVersion: "2.15.2" }), /old\.json: an object is wanted/);
  });
});
