import assert from "node:assert/strict";
import { ConfSyntaxError } from "../../../provider/conf/confSyntaxError";
import { parseConf } from "../../../provider/conf/parser";
import type { ParseOptions } from "../../../provider/conf/parser";
import { isConfList, isConfMap } from "../../../provider/conf/value";
import type { ConfValue } from "../../../provider/conf/value";

/** Maps as plain objects, to be read in a table. */
function plain(value: ConfValue): unknown {
  if (isConfMap(value)) return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  return isConfList(value) ? value.map(plain) : value;
}

function read(text: string, options?: ParseOptions): unknown {
  return plain(parseConf(text, options).root);
}

function failure(text: string, options?: ParseOptions): ConfSyntaxError {
  try {
    parseConf(text, options);
  } catch (error) {
    assert.ok(error instanceof ConfSyntaxError, String(error));
    return error;
  }
  return assert.fail(`${JSON.stringify(text)} was read`);
}

const values: readonly (readonly [text: string, value: unknown])[] = [
  ["a: b", { a: "b" }],
  ["a = b", { a: "b" }],
  ["a b", { a: "b" }],
  ["a\n\nb", { a: "b" }],
  ["a: 1, b: 2; c: 3\r\nd: 4", { a: 1n, b: 2n, c: 3n, d: 4n }],
  ["# c\na: foo#bar // c\nb: http://x\n", { a: "foo#bar", b: "http://x" }],
  ["a: true, b: YES, c: on\nd: false, e: No, f: OFF", { a: true, b: true, c: true, d: false, e: false, f: false }],
  ["a: null", { a: "null" }],
  [`a: 'raw \\ "x"\n'`, { a: 'raw \\ "x"\n' }],
  ['a: "t\\tn\\nr\\rq\\"b\\\\x\\x41"', { a: 't\tn\nr\rq"b\\xA' }],
  ['a: "\\xc3\\xa9 \\xff"', { a: "é \udcff" }],
  ["a: \\x41bc", { a: "Abc" }],
  ["a: it's", { a: "it", s: undefined }],
  ["a: (\n x)y\n)\nb: 1", { a: "\n x)y\n", b: 1n }],
  ["a: (\nx\n)", { a: "\nx\n)" }],
  ["a: 1k, b: 1KB, c: 2mi, d: 3GiB, e: -4t", { a: 1000n, b: 1024n, c: 2n << 20n, d: 3n << 30n, e: -4n * 10n ** 12n }],
  ["a: 10e", { a: BigInt.asIntN(64, 10n ** 19n) }],
  ["a: 1.50, b: -0.25", { a: 1.5, b: -0.25 }],
  ["a: 1.2.3.4:4222", { a: "1.2.3.4:4222" }],
  ["a: 2016-05-04T18:53:41Z", { a: new Date("2016-05-04T18:53:41Z") }],
  ["a: 2s, b: 1m30s, c: 0x10, d: 1_000, e: 50%", { a: "2s", b: "1m30s", c: "0x10", d: "1_000", e: "50%" }],
  ["a: $2a$11$abc", { a: "$2a$11$abc" }],
  ["a: [x, 'y'\n\"z\" / 1 ]", { a: ["x", "y", "z", 1n] }],
  ["a: [{b: 1}, [c, d]]", { a: [{ b: 1n }, ["c", "d"]] }],
  ["a: [10k]", { a: ["10k"] }],
  ["a { b: 1, c { d: x } }", { a: { b: 1n, c: { d: "x" } } }],
  ["a{b: 1", { "a{b": 1n }],
  ['\'it "is"\': 1\n"x.*": 2', { 'it "is"': 1n, "x.*": 2n }],
  ['{ "a": 1, "b": {"c": ["d"]} }', { a: 1n, b: { c: ["d"] } }],
  ["{a: 1\n", { a: 1n }],
  ["a: 1}\nb: 2\n}", { a: 1n, b: 2n }],
  ["a: x / /\nb: 1", { a: "x", b: 1n }],
  ["a { /b: 1 }", { a: { b: 1n } }],
  ["x: 1\na: $x, b: [$x], c { d: $x }", { x: 1n, a: 1n, b: [1n], c: { d: 1n } }],
  ["x: 1\na { x: 2, y: $x }\nz: $x", { x: 1n, a: { x: 2n, y: 2n }, z: 1n }],
  ['a: "$x"', { a: "$x" }],
  ["a: x$b", { a: "x$b" }],
  ["include: x", { include: "x" }],
  ["a {b: 1}\na {c: 2}", { a: { c: 2n } }],
  ["__proto__: x\nconstructor { __proto__ { a: 1 } }", undefined],
  ["a: 1MBB\nb: 2", { b: 2n }],
  ["a {b: }\nc: 1", { b: {}, c: 1n }],
  ["\ufeffa: 1", { "\ufeffa": 1n }],
  ["a: b\0c: d", { a: "b", c: "d" }],
  ["", {}],
];

const errors: readonly (readonly [text: string, message: string])[] = [
  ["a: 1\n b = = 2", "nats.conf:2:8: '2' follows a value that is complete"],
  [
    ": 1",
    'nats.conf:1:1: a separator stands where a key is expected. Fix: write a key before it; only one ":" or "=" may stand between a key and its value',
  ],
  [
    "a:\n1",
    'nats.conf:1:3: a key has no value on its line. Fix: write the value on the same line; an empty text is ""',
  ],
  ["a: 1\nkey", 'nats.conf:2:1: the key "key" has no value. Fix: key: "…"'],
  [
    "a: 10# c",
    "nats.conf:1:8: 'c' follows a value that is complete. Fix: start a new line or write \",\" before the next entry, or put the whole value in double quotes",
  ],
  ['a: "é" b: 2', "nats.conf:1:8: 'b' follows a value that is complete"],
  [
    "a: C:\\path",
    'nats.conf:1:6: a backslash starts an escape, and only \\t, \\n, \\r, \\", \\\\ and \\xXX are known. Fix: double the backslash (\\\\) for a plain one, or put the text in single quotes',
  ],
  ['a: "\\xg1"', "nats.conf:1:5: two hexadecimal digits must follow \\x."],
  ["a: 'it''s'", "nats.conf:1:8: ''' follows a value that is complete"],
  ['a: "abc', 'nats.conf:1:4: a quoted text is never closed. Fix: add " at its end'],
  ["a: (\nabc\n", "nats.conf:1:4: a text in parentheses is never closed. Fix: add ')' on a line of its own"],
  ["a: .5", "nats.conf:1:4: a value can't start with '.'. Fix: 0.5 for a number, double quotes around a text"],
  ["a: 1.x", "nats.conf:1:6: a digit must follow '.' in a number, not 'x'. Fix: double quotes around the text"],
  ["a: -x", "nats.conf:1:5: a digit must follow '-', not 'x'. Fix: double quotes around a text that starts with '-'"],
  [
    "a: 123-4",
    "nats.conf:1:7: '-' follows digits that are no year. Fix: double quotes around a text; a date is written 2026-01-31T12:00:00Z",
  ],
  ["a: 1234-5678", "nats.conf:1:11: '7' stands in what starts as a date"],
  [
    "a: 2016-02-30T00:00:00Z",
    "nats.conf:1:4: there is no such date and time. Fix: a date such as 2026-01-31T12:00:00Z",
  ],
  [
    "a: 9223372036854775808",
    "nats.conf:1:4: a number is beyond 64 bits. Fix: a smaller number, or double quotes around a text",
  ],
  [`a: ${"9".repeat(400)}.5`, "nats.conf:1:4: no float64 holds this number. Fix: a number with digits 0 to 9"],
  ["a: \u0663", "nats.conf:1:4: a number has other digits than 0 to 9. Fix: double quotes around a text"],
  [
    "a: [10]",
    "nats.conf:1:8: a list is never closed. Fix: add ']', after a space or on a line of its own when a number stands before it",
  ],
  [
    "a: [,1 ]",
    'nats.conf:1:5: a value is missing in a list. Fix: write one value before each ","; an empty text is ""',
  ],
  ["a: [x y]", "nats.conf:1:7: 'y' follows a complete value in a list."],
  ["a {", "nats.conf:1:4: a map is never closed. Fix: add '}'"],
  ["a { b: 1", "nats.conf:1:9: a map is never closed. Fix: add '}'"],
  ["a { ]", "nats.conf:1:5: ']' stands inside a map. Fix: close the map with '}' before it"],
  ["a { b:, }", 'nats.conf:1:7: a key has no value. Fix: write the value before ","; an empty text is ""'],
  ["a { 'b", "nats.conf:1:5: a quoted key is never closed. Fix: add ''' behind the key"],
  [
    "/a: 1",
    "nats.conf:1:1: a key can't start with '/' or a NUL byte. Fix: write # or // before a comment, and quotes around a key that starts with '/'",
  ],
  [
    "a: $x",
    "nats.conf:1:4: $x has no value: no key before it in the blocks around it, nor the environment, sets it. Fix: set it, or put double quotes around a text that starts with '$'",
  ],
  ["a: $x\nx: 1", "nats.conf:1:4: $x has no value"],
  ["password: $ecret", "nats.conf:1:11: the variable has no value"],
  ["password: $NATS_PASSWORD", "nats.conf:1:11: $NATS_PASSWORD has no value"],
  [
    "password: $2b$11$abc",
    "nats.conf:1:11: a bcrypt hash without quotes is taken for a variable, unless it is $2a$. Fix: double quotes around the hash",
  ],
  [
    "include [x]",
    'nats.conf:1:9: the name of a file must follow the word include. Fix: include "file.conf"; a key of this name needs quotes',
  ],
  ["include x.conf", `nats.conf:1:9: the file "x.conf" can't be included here. Fix: write its text in its place`],
];

describe("parseConf", () => {
  for (const [text, value] of values) {
    it(`reads ${JSON.stringify(text)}`, () => {
      if (text === "a: it's") {
        assert.match(failure(text).message, /^nats\.conf:1:7: 's' follows a value/);
      } else if (value === undefined) {
        const { root } = parseConf(text);
        assert.equal(root.get("__proto__"), "x");
        assert.equal(Object.getPrototypeOf({}), Object.prototype);
      } else {
        assert.deepEqual(read(text), value);
      }
    });
  }

  for (const [text, message] of errors) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      const error = failure(text);
      assert.equal(error.message.slice(0, message.length), message);
      assert.equal(error.message, `nats.conf:${error.line}:${error.column}: ${error.reason}. Fix: ${error.fix}`);
    });
  }

  it("names the file in an error, and nothing but the place of a secret", () => {
    const error = failure("authorization {\n  password: 99999999999999999999\n}", { file: "/etc/nats.conf" });
    assert.equal(error.file, "/etc/nats.conf");
    assert.equal(
      error.message,
      "/etc/nats.conf:2:13: a number is beyond 64 bits. Fix: a smaller number, or double quotes around a text",
    );
  });

  it("reads 5e7bcd as each release does", () => {
    assert.deepEqual(read("a: 5e7bcd"), { a: "5e7bcd" });
    assert.deepEqual(read("a: 5e7bcd", { serverVersion: "2.14.8" }), { a: "5e7bcd" });
    for (const serverVersion of ["2.14.7", "2.12.15", "2.11.17"]) {
      assert.match(failure("a: 5e7bcd", { serverVersion }).message, /^nats\.conf:1:6: '7' follows a value/);
    }
  });

  it("knows where keys and items stand", () => {
    const parsed = parseConf('é: 1\n  accounts {\n  "A.B": { users: [\n    { user: é, password: x }\n] }\n}', {
      file: "f",
    });
    assert.deepEqual(parsed.positionOf("accounts"), { file: "f", line: 2, column: 3 });
    assert.deepEqual(parsed.positionOf('accounts."A.B"'), { file: "f", line: 3, column: 4 });
    assert.deepEqual(parsed.positionOf('accounts."A.B".users[0]'), { file: "f", line: 4, column: 5 });
    assert.deepEqual(parsed.positionOf('accounts."A.B".users[0].password'), { file: "f", line: 4, column: 16 });
    assert.equal(parsed.positionOf("accounts.none.x"), undefined);
    assert.equal(parsed.positionOf(""), undefined);
    assert.equal(parsed.positionOf("no path!"), undefined);
  });
});
