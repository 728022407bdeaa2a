import assert from "node:assert/strict";
import { locatedText, NatsError, ProblemsError, problemText, refuseAll, toldBy } from "../../provider/errors";

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

  it("is one message of an error, which keeps both parts apart for a property's path", () => {
    const told = { reason: "port 4222 is taken", fix: "port: 4223" };
    const error = new NatsError(told.reason, { fix: told.fix, cause: told });
    assert.equal(error.message, problemText({ path: "", ...told }));
    assert.equal(error.stack, "NatsError: port 4222 is taken. Fix: port: 4223");
    assert.equal(error.cause, told);
    assert.deepEqual(toldBy(error), told);
    assert.deepEqual(toldBy(new NatsError("nobody knows")), { reason: "nobody knows" });
    assert.deepEqual(toldBy(new Error("Fix: it")), { reason: "Fix: it" });
  });
});
