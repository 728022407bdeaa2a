import assert from "node:assert/strict";
import { sizeText } from "../../../provider/model/sizeText";

describe("A size for people", () => {
  it("has its unit always, and is exact where that is short", () => {
    assert.deepEqual([0, 1, 309, 1024, 1500, 10 * 1024 ** 3].map(sizeText), [
      "0 bytes",
      "1 byte",
      "309 bytes",
      "1KiB",
      "2 KiB",
      "10GiB",
    ]);
  });
});
