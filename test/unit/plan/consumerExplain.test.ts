import assert from "node:assert/strict";
import { consumerFields } from "../../../provider/model/consumerFields";
import type { JsonObject } from "../../../provider/model/exactJson";
import { explainConsumer } from "../../../provider/plan/consumerExplain";
import type { ConsumerPlan, ExplainConsumerOptions } from "../../../provider/plan/consumerExplain";
import type { ConsumerState } from "../../../provider/plan/consumerRedelivery";
import { fieldText } from "../../../provider/plan/fieldText";
import { consumerRules } from "../../../provider/plan/consumerRules";

const state: ConsumerState = {
  delivered: { consumer_seq: 12, stream_seq: 12 },
  ack_floor: { consumer_seq: 7, stream_seq: 7 },
  num_ack_pending: 3,
  num_pending: 8,
};

function plan(before: JsonObject, after: JsonObject, options: Partial<ExplainConsumerOptions> = {}): ConsumerPlan {
  const named = (config: JsonObject) => ({ name: "C", durable_name: "C", ack_policy: "explicit", ...config });
  return explainConsumer(named(before), named(after), { serverVersion: "2.15.2", state, ...options });
}

describe("What a change of a consumer does", () => {
  it("has a rule for each of the 35 fields", () => {
    const fields = Object.values(consumerFields).map(({ json }) => json);
    assert.equal(fields.length, 35);
    assert.deepEqual(Object.keys(consumerRules).sort(), fields.sort());
  });

  it("resumes a replacement after the acknowledged floor, and says what comes again", () => {
    const { impact, changes, start } = plan({}, { max_waiting: 10 });
    assert.equal(impact, "replace");
    assert.deepEqual(start, { deliver_policy: "by_start_sequence", opt_start_seq: 8, opt_start_time: undefined });
    assert.equal(changes[0]!.redelivers, true);
    assert.match(
      changes[0]!.why,
      /replaces the consumer; resumes at its acknowledged floor \(7\); redelivers 3 unacknowledged messages, and at most 2 messages acknowledged beyond the floor$/,
    );
  });

  it("redelivers nothing where all is acknowledged", () => {
    const done = { ...state, ack_floor: state.delivered, num_ack_pending: 0 };
    const [change] = plan({}, { max_waiting: 10 }, { state: done }).changes;
    assert.equal(change!.redelivers, false);
    assert.match(change!.why, /resumes at its acknowledged floor \(12\); redelivers nothing$/);
  });

  it("starts where the program says when it says so anew, or when it is told to", () => {
    const anew = plan({}, { deliver_policy: "new" });
    assert.equal(anew.start, undefined);
    assert.match(anew.changes[0]!.why, /starts anew with deliver_policy "new"; 11 messages never come$/);
    const restart = plan({}, { max_waiting: 10 }, { restart: true });
    assert.equal(restart.start, undefined);
    assert.match(restart.changes[0]!.why, /redelivers what it has delivered, the acknowledged up to 7 too$/);
  });

  it("leaves the start of a work queue alone, which keeps only what is not acknowledged", () => {
    const stream = { name: "S", retention: "workqueue", num_replicas: 1, subjects: ["s"] };
    const { start, changes } = plan({}, { max_waiting: 10 }, { stream });
    assert.equal(start, undefined);
    assert.match(
      changes[0]!.why,
      /holds only what is not acknowledged; redelivers 3 unacknowledged messages, and what/,
    );
  });

  it("starts where the old one started while nothing is acknowledged, which a cluster calls floor 0", () => {
    const none = { consumer_seq: 0, stream_seq: 0 };
    const fresh = { ...state, ack_floor: none, delivered: { consumer_seq: 0, stream_seq: 9 }, num_ack_pending: 0 };
    const late = { ...state, ack_floor: none, delivered: { consumer_seq: 3, stream_seq: 12 } };
    const created = "2026-01-01T00:00:00Z";
    const start = (config: JsonObject, of: ConsumerState) =>
      plan(config, { ...config, max_waiting: 10 }, { state: of }).start;
    const at = (seq: number) => ({
      deliver_policy: "by_start_sequence",
      opt_start_seq: seq,
      opt_start_time: undefined,
    });
    const since = (time: string) => ({
      deliver_policy: "by_start_time",
      opt_start_seq: undefined,
      opt_start_time: time,
    });
    const policies = ["all", "new", "last"];
    for (const deliver_policy of policies) assert.deepEqual(start({ deliver_policy }, fresh), at(10));
    assert.deepEqual(start({}, late), at(1));
    assert.deepEqual(start({ deliver_policy: "by_start_sequence", opt_start_seq: 10 }, late), at(10));
    assert.deepEqual(start({ deliver_policy: "by_start_time", opt_start_time: created }, late), since(created));
    assert.deepEqual(start({ deliver_policy: "new" }, { ...late, created }), since(created));
    assert.deepEqual(start({ deliver_policy: "new" }, { ...late, created, resumed: at(4) }), at(4));
    assert.equal(start({ deliver_policy: "last" }, { ...late, created }), undefined);
  });

  it("starts anew at the newest where nothing is acknowledged, and says which of the delivered come again", () => {
    const none = { consumer_seq: 0, stream_seq: 0 };
    const late = { ...state, ack_floor: none, delivered: { consumer_seq: 3, stream_seq: 12 } };
    const said = (deliver_policy: string, of: ConsumerState) => {
      const config = { deliver_policy, filter_subject: "s.>" };
      const [change] = plan(config, { ...config, max_waiting: 10 }, { state: of }).changes;
      return [change!.redelivers, change!.why.replace(/^.*starts anew with deliver_policy /, "")];
    };
    // The newest is one of those that were never delivered.
    assert.deepEqual(said("last", late), [false, '"last"; up to 10 messages never come']);
    const all = { ...late, num_pending: 0 };
    const again = '"last"; redelivers the last message, acknowledged or not; up to 3 messages never come';
    assert.deepEqual(said("last", all), [true, again]);
    const each = "the last message of each subject where it has delivered that, acknowledged or not";
    assert.deepEqual(said("last_per_subject", late), [
      true,
      `"last_per_subject"; redelivers ${each}; up to 11 messages never come`,
    ]);
    assert.deepEqual(said("new", { ...late, num_ack_pending: 0, num_pending: 1 }), [
      false,
      '"new"; 1 message never come',
    ]);
  });

  it("tells what an interest stream deletes when a replacement starts later", () => {
    const stream = { name: "S", retention: "interest", num_replicas: 1, subjects: ["s"] };
    const [anew] = plan({}, { deliver_policy: "new" }, { stream }).changes;
    assert.equal(anew!.losesMessages, true);
    assert.match(anew!.why, /; 11 messages never come, and the stream deletes those that no other consumer waits for$/);
    assert.equal(plan({}, { max_waiting: 10 }, { stream }).changes[0]!.losesMessages, false);
  });

  it("knows the releases apart", () => {
    const [change] = plan({}, { mem_storage: true }, { serverVersion: "2.12.15" }).changes;
    assert.deepEqual([change!.impact, /without effect/.test(change!.why)], ["replace", true]);
    const flow = { ack_policy: "flow_control", deliver_subject: "out" };
    assert.equal(plan(flow, flow, { serverVersion: "2.12.15" }).impact, "refused");
    assert.equal(plan(flow, flow, { serverVersion: "2.14.9" }).impact, "none");
  });

  it("replaces where a subscriber holds the subject", () => {
    const [before, after] = [{ deliver_subject: "out.a" }, { deliver_subject: "out.b" }];
    assert.equal(plan(before, after).impact, "update");
    assert.equal(plan(before, after, { state: { ...state, push_bound: true } }).impact, "replace");
  });

  it("shows durations as a program writes them", () => {
    assert.equal(fieldText("backoff", [2_000_000_000, 90_000_000_000n]), '["2s","1m30s"]');
    assert.equal(fieldText("backoff", undefined), "nothing");
  });

  it("takes the same in other words for the same", () => {
    assert.deepEqual(plan({}, { max_waiting: 512, ack_wait: 30_000_000_000, max_ack_pending: 1000 }).changes, []);
    assert.deepEqual(plan({ filter_subjects: ["a", "b"] }, { filter_subjects: ["b", "a"] }).changes, []);
    assert.deepEqual(plan({ sample_freq: "50" }, { sample_freq: "50%", metadata: { "_nats.ver": "2" } }).changes, []);
  });
});
