import assert from "node:assert/strict";
import { problemText, reasonAndFix } from "../../provider/errors";

describe("The text of a problem", () => {
  it("is taken apart as it was put together", () => {
    const problem = { path: "", reason: "port 4222 is taken", fix: "port: 4223" };
    assert.deepEqual(reasonAndFix(problemText(problem)), { reason: problem.reason, fix: problem.fix });
    assert.deepEqual(reasonAndFix("nobody knows"), { reason: "nobody knows" });
    assert.deepEqual(reasonAndFix("it fails.\nFix: a\nFix: b"), { reason: "it fails", fix: "a; or b" });
  });
});
