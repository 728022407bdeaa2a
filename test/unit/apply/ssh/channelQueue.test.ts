import assert from "node:assert/strict";
import { ChannelQueue } from "../../../../provider/apply/ssh/channelQueue";

describe("The queue for a host's channels", () => {
  it("lets no more through than are allowed, in order, and fewer once the host refuses", async () => {
    const queue = new ChannelQueue(3);
    const order: number[] = [];
    let most = 0;
    const run = async (number: number): Promise<void> => {
      await queue.enter();
      most = Math.max(most, queue.running);
      order.push(number);
      await new Promise((resolve) => setImmediate(resolve));
      queue.leave();
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6].map(run));
    assert.deepEqual([order, most, queue.running], [[0, 1, 2, 3, 4, 5, 6], 3, 0]);

    await Promise.all([queue.enter(), queue.enter(), queue.enter()]);
    queue.allow(1);
    queue.leave();
    queue.leave();
    let entered = false;
    const next = queue.enter().then(() => (entered = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(entered, false);
    queue.leave();
    await next;
    assert.equal(queue.running, 1);
  });
});
