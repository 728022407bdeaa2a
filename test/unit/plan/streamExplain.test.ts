import assert from "node:assert/strict";
import type { JsonObject } from "../../../provider/model/exactJson";
import { streamFields } from "../../../provider/model/streamFields";
import { explainStream, lossText } from "../../../provider/plan/streamExplain";
import type { StreamPlan } from "../../../provider/plan/streamExplain";
import { streamRules } from "../../../provider/plan/streamRules";
import type { StreamState } from "../../../provider/plan/streamRulesLoss";

const now = Date.parse("2026-06-01T12:00:00Z");
const state: StreamState = {
  messages: 20,
  bytes: 2000,
  first_ts: "2026-06-01T10:00:00Z",
  last_ts: "2026-06-01T12:00:00Z",
  num_subjects: 2,
  subjects: { a: 15, b: 5 },
};

function plan(
  before: JsonObject,
  after: JsonObject,
  version = "2.15.2",
  held: StreamState | undefined = state,
): StreamPlan {
  const named = (config: JsonObject) => ({ name: "S", subjects: ["s.>"], ...config });
  return explainStream(named(before), named(after), { serverVersion: version, now, ...(held ? { state: held } : {}) });
}

describe("What a change of a stream does", () => {
  it("has a rule for every field", () => {
    assert.deepEqual(
      Object.keys(streamRules).sort(),
      Object.values(streamFields)
        .map(({ json }) => json)
        .sort(),
    );
  });

  it("counts what is deleted, exactly where it can", () => {
    const text = (after: JsonObject) => lossText(plan({}, after).loss, state);
    assert.equal(text({ max_msgs: 5 }), "deletes 15 of 20 messages");
    assert.equal(text({ max_msgs_per_subject: 4 }), "deletes 12 of 20 messages");
    assert.equal(text({ max_bytes: 500 }), "deletes about 15 of 20 messages");
    assert.equal(text({ max_age: 3_600_000_000_000 }), "deletes about 10 of 20 messages");
    assert.equal(text({ max_age: 10_800_000_000_000 }), "");
    assert.equal(text({ storage: "memory" }), "deletes all 20 messages");
    assert.equal(text({ max_msgs: 5, discard: "new" }), "");
    assert.equal(
      lossText(plan({ max_msgs: 5, discard: "new" }, { max_msgs: 5 }).loss, state),
      "deletes 15 of 20 messages",
    );
    const unknown = explainStream({ name: "S" }, { name: "S", max_msgs: 5 }, { serverVersion: "2.15.2" });
    assert.equal(unknown.changes[0]!.losesMessages, true);
    assert.match(unknown.changes[0]!.why, /may delete messages/);
  });

  it("knows the releases apart", () => {
    assert.equal(plan({}, { max_consumers: 5 }, "2.12.1").impact, "replace");
    assert.equal(plan({}, { max_consumers: 5 }, "2.14.0").impact, "update");
    const mirror = { subjects: [], mirror: { name: "O" } };
    assert.equal(plan(mirror, {}, "2.11.17").impact, "replace");
    assert.equal(plan(mirror, {}, "2.12.15").impact, "one-way");
    assert.equal(plan({}, { allow_batched: true }, "2.12.15").impact, "refused");
    assert.equal(plan({}, { allow_batched: true }, "2.14.9").impact, "update");
  });

  it("takes the highest class of its parts, and none for the same in other words", () => {
    assert.equal(plan({}, { description: "x", allow_msg_ttl: true }).impact, "one-way");
    assert.equal(plan({}, { deny_delete: true, storage: "memory" }).impact, "replace");
    assert.equal(plan({}, { max_msgs: 0, discard: "old", metadata: { "_nats.ver": "2.15.2" } }).impact, "none");
    assert.equal(plan({ subjects: ["a", "b"] }, { subjects: ["b", "a"] }).impact, "none");
  });

  it("says what the server sets by itself", () => {
    const { changes } = plan({}, { subject_delete_marker_ttl: 60_000_000_000 });
    assert.deepEqual(
      changes.map(({ path, impact }) => [path, impact]),
      [
        ["allow_rollup_hdrs", "update"],
        ["allow_msg_ttl", "one-way"],
        ["subject_delete_marker_ttl", "update"],
      ],
    );
    assert.match(changes[1]!.why, /the server sets it by itself/);
  });

  it("moves and scales in one change, in two steps", () => {
    const { impact, changes } = plan({}, { num_replicas: 3, placement: { tags: ["ssd"] } });
    assert.equal(impact, "update");
    assert.match(
      changes.find(({ path }) => path === "placement")!.why,
      /moves the stream; waits until 3 replicas are current; in two steps/,
    );
  });
});
