import assert from "node:assert/strict";
import type { ConfValue } from "../../../provider/conf/value";
import { factFor, facts, keyTree } from "../../../provider/model/facts";
import { memberOf } from "../../../provider/model/facts/keyTree";
import type { KeyNode } from "../../../provider/model/facts";
import { configRules, judge } from "../../../provider/plan/configRules";

const versions = ["2.11.17", "2.12.15", "2.14.9", "2.15.2"];
const empty = { from: new Map<string, ConfValue>(), to: new Map<string, ConfValue>() };

describe("the table of rules", () => {
  it("has an answer for every known key, on every line, in every direction", () => {
    for (const fact of facts()) {
      const rulePath = fact.path.replace(/<\w+>/g, "<name>");
      const node = nodeAt(rulePath);
      for (const version of versions) {
        for (const [from, to] of [
          [undefined, "a"],
          ["a", undefined],
          ["a", "b"],
        ] as const) {
          const verdict = judge({ path: fact.path, rulePath, fact, node, from, to }, empty, version);
          assert.ok(verdict.why.length > 8 && !/undefined/.test(verdict.why), `${fact.path}: ${verdict.why}`);
          assert.ok(!/not a key/.test(verdict.why), fact.path);
        }
      }
    }
  });

  it("names only keys that exist", () => {
    for (const rule of configRules) {
      for (const path of typeof rule.path === "string" ? [rule.path] : rule.path) {
        const plain = path.replace(/\.\*$/, "").replace(/\[\]$/, "").replaceAll("[]", "[0]").replaceAll("<name>", "A");
        assert.ok(factFor(plain), path);
      }
    }
  });

  it("has no fact without a row that speaks of blocks whose answer depends on the edit", () => {
    const ruled = new Set(configRules.flatMap((rule) => rule.path));
    const open = facts().filter(
      (fact) => fact.reload === "partial" && !ruled.has(fact.path.replace(/<\w+>/g, "<name>")),
    );
    assert.deepEqual(
      open.map((fact) => fact.path),
      // Made of members that are compared one by one.
      ["authorization", "leafnodes", "leafnodes.remotes", "leafnodes.remotes[].proxy"],
    );
  });
});

function nodeAt(path: string): KeyNode | undefined {
  return path
    .split(".")
    .reduce<KeyNode | undefined>((node, part) => node && memberOf(node, part.replace("[]", "")), keyTree());
}
