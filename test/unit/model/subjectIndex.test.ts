import assert from "node:assert/strict";
import fc from "fast-check";
import { subjectsCollide } from "../../../provider/model/names";
import { SubjectIndex } from "../../../provider/model/subjectIndex";

describe("An index of subjects", () => {
  const token = fc.constantFrom("a", "b", "c", "*");
  const subject = fc
    .tuple(fc.array(token, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([tokens, open]) => [...tokens, ...(open ? [">"] : [])].join("."));

  it("finds exactly those that collide", () => {
    fc.assert(
      fc.property(fc.array(subject, { maxLength: 12 }), subject, (all, asked) => {
        const index = new SubjectIndex();
        all.forEach((each, at) => index.add(each, String(at)));
        const expected = all.flatMap((each, at) => (subjectsCollide(each, asked) ? [String(at)] : []));
        assert.deepEqual(index.colliding(asked).sort(), expected.sort());
      }),
    );
  });

  it("finds no more than are asked for", () => {
    const index = new SubjectIndex();
    for (let at = 0; at < 100; at++) index.add(`a.${at}`, String(at));
    assert.equal(index.colliding("a.>", 3).length, 3);
    assert.deepEqual(index.colliding("a.7"), ["7"]);
  });
});
