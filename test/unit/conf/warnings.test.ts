import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";

function warnings(text: string): string[] {
  return parseConf(text).warnings.map(({ path, reason, fix, severity }) => {
    assert.equal(severity, "warning");
    return `${path}: ${reason}. Fix: ${fix}`;
  });
}

describe("warnings of what a server passes over in silence", () => {
  const none = ["a: 1", "a: 1\nb: $a\na: 2", "a {x: 1}\nb {x: 1}", "a: 8191PB"];
  for (const text of none) it(`has none for ${JSON.stringify(text)}`, () => assert.deepEqual(warnings(text), []));

  it("tells a key that is dropped", () => {
    assert.deepEqual(warnings("a { max_payload: 1MBB\n b: 1 }"), [
      "a.max_payload: the number ends in no size that a server knows, so it leaves the key out without a word. Fix: K, M, G, T, P or E for powers of 1000; KB, MB, GB, TB, PB or EB for powers of 1024",
      "max_payload: the key has no value that counts, so a server gives it the block around it and loses the block's own key. Fix: a value, or no such key",
    ]);
  });

  it("tells a size that wraps around", () => {
    assert.deepEqual(warnings("l: [{ max: 8eb }]"), [
      "l[0].max: the size is beyond 64 bits, and a server takes -9223372036854775808 for it. Fix: a size below 8EB",
    ]);
  });

  it("tells a key without a value that takes the block around it", () => {
    assert.deepEqual(warnings("a { b: }"), [
      "b: the key has no value that counts, so a server gives it the block around it and loses the block's own key. Fix: a value, or no such key",
    ]);
  });

  it("tells a block that is lost to a later one", () => {
    assert.deepEqual(warnings("m {\n a {b: 1}\n a {c: 2}\n}"), [
      "m.a: the key stands here twice: what line 2 says is lost. Fix: one block with the members of both, or one of them",
    ]);
  });

  it("tells a byte order mark", () => {
    assert.deepEqual(warnings("\ufeffa: 1"), [
      ": a byte order mark starts the file and becomes part of its first key. Fix: save the file without it",
    ]);
  });
});
