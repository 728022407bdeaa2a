import { strict as assert } from "node:assert";
import { waitFor, WaitTimeout } from "../../../provider/apply/wait";

describe("waitFor", () => {
  it("returns what it waited for", async () => {
    let looks = 0;
    const value = await waitFor("three looks", { timeout: 1000, interval: 1 }, async () =>
      ++looks === 3 ? { value: looks } : { pending: "not yet" },
    );
    assert.equal(value, 3);
  });

  it("ends with what it saw last", async () => {
    await assert.rejects(
      waitFor("the door opens", { timeout: 20, interval: 1 }, async () => ({ pending: "it is shut" })),
      (error: Error) =>
        error instanceof WaitTimeout && error.message === "the door opens: not within 0 s; last seen: it is shut",
    );
  });

  it("ends at once with what a look throws", async () => {
    let looks = 0;
    const look = async (): Promise<never> => {
      looks++;
      throw new Error("no door");
    };
    await assert.rejects(waitFor("the door opens", { timeout: 1000 }, look), /no door/);
    assert.equal(looks, 1);
  });
});
