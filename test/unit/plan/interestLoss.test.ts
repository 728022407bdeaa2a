import assert from "node:assert/strict";
import { lossOf, waiterOf } from "../../../provider/plan/interestLoss";
import type { Waiter } from "../../../provider/plan/interestLoss";

describe("What an interest stream deletes with its consumers", () => {
  const stream = { messages: 10, bytes: 100, first_seq: 1, last_seq: 10, subjects: { "j.a": 6, "j.b": 4 } };
  const waiter = (filters: readonly string[], waiting: number, floor: number, more: Partial<Waiter> = {}): Waiter => ({
    filters,
    least: waiting,
    most: waiting,
    floor: BigInt(floor),
    isWhole: true,
    givesUp: false,
    ...more,
  });

  it("is all with the last one, and nothing while another waits for all", () => {
    assert.deepEqual(lossOf(stream, [waiter([], 3, 7)], []), { most: 10, exact: true });
    assert.deepEqual(lossOf(stream, [waiter([], 3, 7)], [waiter([], 10, 0)]), { most: 0, exact: true });
    assert.deepEqual(lossOf(stream, [waiter([], 3, 7)], [waiter(["j.a"], 6, 0), waiter(["j.b"], 4, 0)]), {
      most: 0,
      exact: true,
    });
  });

  it("is exact where those that stay are within each other, or apart", () => {
    const all = waiter([], 10, 0);
    assert.deepEqual(lossOf(stream, [all], [waiter([], 6, 4), waiter([], 8, 2)]), { most: 2, exact: true });
    assert.deepEqual(lossOf(stream, [all], [waiter(["j.a"], 3, 4), waiter(["j.b"], 2, 2)]), { most: 5, exact: true });
  });

  it("is a bound where it can't be told who waits for what, and where messages are given up on", () => {
    const all = waiter([], 10, 0);
    const apart = [waiter([], 6, 4, { isWhole: false }), waiter([], 8, 2, { isWhole: false })];
    assert.deepEqual(lossOf(stream, [all], apart), { most: 2, exact: false });
    assert.deepEqual(lossOf(stream, [waiter([], 3, 7)], [waiter([], 5, 5, { givesUp: true })]), {
      most: 5,
      exact: false,
    });
  });

  it("counts more messages than listed subjects by the consumers alone", () => {
    const { subjects: _subjects, ...many } = stream;
    assert.deepEqual(lossOf(many, [waiter([], 10, 0)], [waiter(["j.a"], 6, 0)]), { most: 4, exact: true });
    assert.deepEqual(lossOf(many, [waiter(["j.b"], 4, 0)], [waiter([], 10, 0)]), { most: 0, exact: true });
  });

  it("takes what a consumer has after its floor for whole where nothing is acknowledged out of turn", () => {
    const info = (consumer: number, floor: number, unacked: number, config = {}) =>
      waiterOf({
        config,
        delivered: { consumer_seq: consumer, stream_seq: consumer },
        ack_floor: { consumer_seq: floor, stream_seq: floor },
        num_ack_pending: unacked,
        num_pending: 1,
      }).isWhole;
    assert.equal(info(5, 2, 3), true);
    assert.equal(info(5, 2, 2), false);
    assert.equal(info(5, 0, 5, { deliver_policy: "new" }), false);
    assert.equal(info(5, 5, 0, { deliver_policy: "last_per_subject" }), false);
  });
});
