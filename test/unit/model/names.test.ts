import assert from "node:assert/strict";
import { isSubset, mappingFault, nameProblem, subjectFault, subjectsCollide } from "../../../provider/model/names";

describe("Names and subjects", () => {
  it("take what the server takes as a name", () => {
    assert.equal(nameProblem("name", "stream", "ORDERS-1_é"), undefined);
    for (const bad of ["", "a b", "a.b", "a*", ">", "a/b", "a\\b", "x".repeat(256)]) {
      assert.equal(nameProblem("name", "stream", bad)?.path, "name", bad);
    }
  });

  it("say what is wrong with a subject", () => {
    assert.equal(subjectFault("a.*.>"), undefined);
    assert.equal(subjectFault("a*.b"), undefined);
    assert.equal(subjectFault(">.a"), 'has ">" before its last token');
    assert.equal(subjectFault("a..b"), "has an empty token (two dots in a row, or one at an end)");
    assert.equal(subjectFault("a b"), "contains white space");
  });

  it("see which subjects meet", () => {
    const meet = (left: string, right: string) => [subjectsCollide(left, right), subjectsCollide(right, left)];
    assert.deepEqual(meet("a.>", "a.b.c"), [true, true]);
    assert.deepEqual(meet("a.*", "*.b"), [true, true]);
    assert.deepEqual(meet("a.*", "a.b.c"), [false, false]);
    assert.deepEqual(meet("a.>", "a"), [false, false]);
    assert.equal(isSubset("a.b", "a.*"), true);
    assert.equal(isSubset("a.>", "a.*"), false);
    assert.equal(isSubset("a.*", "a.b"), false);
  });

  it("check a mapping's counterparts", () => {
    assert.equal(mappingFault("a.*", "b.{{wildcard(1)}}"), undefined);
    assert.match(mappingFault("a.*", "b.$2")!, /\$2 has no counterpart: "a\.\*" has 1 "\*"/);
    assert.match(mappingFault("a", "b..c")!, /empty token/);
  });
});
