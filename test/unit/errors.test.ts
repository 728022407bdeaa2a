import assert from "node:assert/strict";
import { locatedText, ProblemsError, problemText, reasonAndFix, refuseAll } from "../../provider/errors";

describe("The text of a problem", () => {
  it("stands behind its path, and stops with all others", () => {
    const problems = [
      { path: "port", reason: "it is taken", fix: "port: 4223" },
      { path: "", reason: "nothing is given" },
    ];
    const lines = ["port: it is taken. Fix: port: 4223", "nothing is given"];
    assert.deepEqual(problems.map(locatedText), lines);
    assert.throws(() => refuseAll(problems), { name: "NatsError", message: lines.join("\n") });
    refuseAll([]);
    assert.equal(new ProblemsError("it", problems).message, `it:\n  ${lines.join("\n  ")}`);
  });

  it("is taken apart as it was put together", () => {
    const problem = { path: "", reason: "port 4222 is taken", fix: "port: 4223" };
    assert.deepEqual(reasonAndFix(problemText(problem)), { reason: problem.reason, fix: problem.fix });
    assert.deepEqual(reasonAndFix("nobody knows"), { reason: "nobody knows" });
    assert.deepEqual(reasonAndFix("it fails.\nFix: a\nFix: b"), { reason: "it fails", fix: "a; or b" });
  });
});
