import assert from "node:assert/strict";
import { JetStreamError } from "../../../provider/apply/jetstreamErrors";
import { Disconnected, NoAnswer } from "../../../provider/apply/noAnswer";
import { NatsError } from "../../../provider/errors";
import { attempts } from "../../../provider/resources/assetSetAttempts";

describe("the members of a map, one after the other", () => {
  /** What is said of 60 members that fail with this one after the other. */
  async function said(failure: (index: number) => Error): Promise<string[]> {
    const failed: string[] = [];
    const attempt = attempts({ failed: (_member, error) => void failed.push(error.message) });
    for (let index = 0; index < 60; index++) {
      const member = { id: `S${index}`, own: {}, full: {} };
      await attempt(member, () => Promise.reject(failure(index)));
    }
    return failed;
  }

  for (const [what, silence] of [
    ["nobody answers", new NoAnswer("no reply")],
    ["the connection is over", new Disconnected("over")],
  ] as const) {
    it(`are not tried any more after 50 times in a row that ${what}`, async () => {
      const all = await said(() => silence);
      assert.equal(all.filter((one) => one === silence.message).length, 50);
      assert.equal(all.at(-1), `not tried, since nobody answers: ${silence.message}`);
    });
  }

  it("are all tried where somebody answers in between, whatever the answer says", async () => {
    const refusal = new JetStreamError("stream", { code: 503, description: "no answer, the stream is closed" });
    const all = await said((index) => (index % 10 === 9 ? refusal : new NoAnswer("no reply")));
    assert.ok(!all.some((one) => one.startsWith("not tried")), all.join("\n"));
    const others = await said(() => new NatsError("no answer was found, the file is closed"));
    assert.ok(!others.some((one) => one.startsWith("not tried")), others.join("\n"));
  });
});
