import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { configDigest, digestOf } from "../../../provider/conf/digest";
import { parseConf } from "../../../provider/conf/parser";
import { Reference } from "../../../provider/conf/value";
import type { ConfMap, ConfValue } from "../../../provider/conf/value";

function ofJson(json: string): string {
  return `sha256:${createHash("sha256").update(`${json}\n`).digest("hex")}`;
}

const table: readonly (readonly [ConfValue, string])[] = [
  [10n, "10"],
  [-(2n ** 63n), "-9223372036854775808"],
  [1.5, "1.5"],
  [2, "2"],
  [-0, "-0"],
  [1e21, "1e+21"],
  [1e20, "100000000000000000000"],
  [0.000001, "0.000001"],
  [1.5e-7, "1.5e-7"],
  [true, "true"],
  ["<a> & b", '"\\u003ca\\u003e \\u0026 b"'],
  ["\u2028\u2029", '"\\u2028\\u2029"'],
  ['\b\f\n\r\t\x01\x7f"\\', '"\\b\\f\\n\\r\\t\\u0001\x7f\\"\\\\"'],
  ["é😀", '"é😀"'],
  ["\udcff\ufffd", '"\\ufffd\ufffd"'],
  ["\\ud800 \\\udcff", '"\\\\ud800 \\\\\\ufffd"'],
  [new Date("2016-05-04T18:53:40Z"), '"2016-05-04T18:53:40Z"'],
  [[], "[]"],
  [["a", [1n]], '["a",[1]]'],
  [new Map(), "{}"],
];

describe("digestOf", () => {
  for (const [value, json] of table) {
    it(`takes ${JSON.stringify(json)}`, () => assert.equal(digestOf(new Map([["a", value]])), ofJson(`{"a":${json}}`)));
  }

  it("sorts keys by their bytes", () => {
    const map: ConfMap = new Map([..."😀\uffffzéaB"].map((key) => [key, 1n]));
    assert.equal(digestOf(map), ofJson('{"B":1,"a":1,"z":1,"é":1,"\uffff":1,"😀":1}'));
  });

  it("refuses a variable without a value", () => {
    assert.throws(() => digestOf(new Map([["a", new Reference("X")]])), {
      message: "$X has no value here. Fix: take the digest of the parsed configuration",
    });
  });
});

describe("configDigest", () => {
  it("is the one that nats-server names", () => {
    assert.equal(
      configDigest(parseConf('# c\nserver_name: "<a>"\nport = 4222')),
      "sha256:e74ca78630f99d361a3c435cf3def2f9efb3e081e807383188b3879aa2754ff1",
    );
  });

  it("does not depend on order, form and comments", () => {
    const digest = configDigest(parseConf("a { b: 1k, c: [x, y] }\nd: yes"));
    assert.equal(configDigest(parseConf('# c\n{ "d": true, "a": { c = ["x" \n y], b 1000 } }')), digest);
  });
});
