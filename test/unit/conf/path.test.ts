import assert from "node:assert/strict";
import { joinPath, splitPath } from "../../../provider/conf/path";

describe("paths in nats.conf", () => {
  const table: readonly (readonly [string, readonly (string | number)[]])[] = [
    ["accounts.APP.users[0].password", ["accounts", "APP", "users", 0, "password"]],
    ['mappings."foo.*"', ["mappings", "foo.*"]],
    ['"a\\"b"[1][2]', ['a"b', 1, 2]],
    ["accounts.$SYS.key-1", ["accounts", "$SYS", "key-1"]],
    ['a."".b', ["a", "", "b"]],
    ['"[0]"."é\\n"', ["[0]", "é\n"]],
  ];
  for (const [path, parts] of table) {
    it(`${path} is put together and taken apart`, () => {
      assert.equal(
        parts.reduce<string>((parent, part) => joinPath(parent, part), ""),
        path,
      );
      assert.deepEqual(splitPath(path), parts);
    });
  }

  for (const path of ["a..b", "a b", "a[x]", 'a."b', "."]) {
    it(`${path} is none`, () => assert.equal(splitPath(path), undefined));
  }
});
