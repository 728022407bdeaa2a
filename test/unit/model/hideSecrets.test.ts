import assert from "node:assert/strict";
import { hideSecrets, textsOf } from "../../../provider/model/hideSecrets";
import type { MarkedSecret } from "../../../provider/model/hideSecrets";

const secret = "orders..Hunter2";
const at = (path: string, ...texts: string[]): MarkedSecret[] => [{ path, texts }];

describe("a problem of a value that is secret", () => {
  const cases: readonly (readonly [what: string, path: string, secrets: MarkedSecret[], from: string, to: string])[] = [
    ["the whole value", "subjects[0]", at("subjects[0]", secret), `"${secret}" is none`, '"[secret]" is none'],
    ["a cut one", "subjects[0]", at("subjects[0]", secret), '"orders..Hun…" is none', '"[secret]…" is none'],
    ["one spelled anew", "subjects[0]", at("subjects[0]", secret), "not HUNTER2-orders", "not [secret]-[secret]"],
    ["a member of it", "sources[0].name", at("sources[0]", "a", secret), "a of hunter2", "[secret] of [secret]"],
    ["the list that it is in", "subjects", at("subjects[1]", secret), "Hunter2 twice", "[secret] twice"],
    ["a short one", "maxMsgs", at("maxMsgs", "-7"), "-7: at least 1, not 17", "[secret]: at least 1, not 17"],
    ["another place, where it stands whole", "name", at("subjects[0]", secret), `${secret}!`, "[secret]!"],
    ["another place, where a word is the same", "name", at("subjects[0]", secret), "orders", "orders"],
  ];
  for (const [what, path, secrets, from, to] of cases) {
    it(`shows nothing of ${what}`, () => {
      assert.deepEqual(hideSecrets([{ path, reason: from }], secrets), [{ path, reason: to }]);
    });
  }

  it("keeps a fix that is not made of it, and no other one", () => {
    const fixes = ['name: "orders-2"', "leave it out"].map((fix) => ({ path: "name", reason: "is none", fix }));
    assert.deepEqual(hideSecrets(fixes, at("name", "orders.2")), [
      { path: "name", reason: "is none" },
      { path: "name", reason: "is none", fix: "leave it out" },
    ]);
    assert.deepEqual(hideSecrets(fixes, []), fixes);
  });

  it("knows every text of a value", () => {
    assert.deepEqual(textsOf({ a: ["x", { b: 12 }], c: "", d: null, e: true }), ["x", "12"]);
  });
});
