import assert from "node:assert/strict";
import { configDigest, digestOf } from "../../../provider/conf/digest";
import { settingsOf } from "../../../provider/conf/parsed";
import { parseConf } from "../../../provider/conf/parser";
import type { ConfValue } from "../../../provider/conf/value";

function fromEnv(text: string, env: Record<string, string>, config = "password: $TV"): ConfValue | undefined {
  return parseConf(config, { env: { TV: text, ...env } }).root.get("password");
}

describe("variables of the environment", () => {
  const values: readonly (readonly [string, ConfValue])[] = [
    ["secret", "secret"],
    ["12345", 12345n],
    ["3k", 3000n],
    ["true", true],
    ["[a, b]", ["a", "b"]],
    ['"12345"', "12345"],
    ["'a b'", "a b"],
    ["", ""],
    ["1\npk=2", 2n],
    ["$OTHER", "other"],
  ];
  for (const [text, value] of values) {
    it(`read ${JSON.stringify(text)} as configuration`, () => {
      assert.deepEqual(fromEnv(text, { OTHER: "other" }), value);
    });
  }

  for (const text of ["a b", "a}b", "a\\b", "$2b$11$x", "$nothing", "3kbi"]) {
    it(`refuse ${JSON.stringify(text)} without showing it`, () => {
      assert.throws(
        () => fromEnv(text, {}, "x: 1\npassword: $TV"),
        (error: Error) => {
          assert.match(
            error.message,
            /^nats\.conf:2:11: the environment's text for the variable is no value of nats\.conf/,
          );
          assert.match(error.message, /Fix: quotes inside the variable: TV='"…"'$/);
          assert.ok(!error.message.includes(text));
          return true;
        },
      );
    });
  }

  it("that refer to each other are refused", () => {
    assert.throws(() => parseConf("a: $X", { env: { X: "$Y", Y: "[$X]" } }), {
      message: "nats.conf:1:4: environment variables refer to each other: $X > $Y > $X. Fix: a value for one of them",
    });
  });

  it("come after keys, and are not taken from the prototype", () => {
    assert.equal(parseConf("X: 1\na: $X", { env: { X: "2" } }).root.get("a"), 1n);
    assert.throws(() => parseConf("a: $toString", { env: {} }), /\$toString has no value/);
  });

  it("with a map crash servers before 2.12.6", () => {
    const options = { env: { X: "{a: 1}" }, serverVersion: "2.11.17" };
    assert.throws(
      () => parseConf("a: $X", options),
      /\$X is a map from the environment, on which nats-server 2\.11\.17 crashes/,
    );
    assert.deepEqual(parseConf("a: $X", { ...options, serverVersion: "2.12.6" }).root.get("a"), new Map([["a", 1n]]));
  });
});

describe("settingsOf", () => {
  const text = "v: 1\nport: 4222\nuse: $port\nm { w { x: 1 }, y: $w, l: [{ k: 2, j: $k }] }\nz: $v";

  it("leaves out what only defines variables", () => {
    const parsed = parseConf(text);
    assert.deepEqual([...parsed.variables], ["v", "port", "m.w", "m.l[0].k"]);
    const settings = settingsOf(parsed, (path) => path === "port");
    const member = new Map<string, ConfValue>([
      ["y", new Map([["x", 1n]])],
      ["l", [new Map([["j", 2n]])]],
    ]);
    assert.deepEqual(
      settings,
      new Map<string, ConfValue>([
        ["port", 4222n],
        ["use", 4222n],
        ["m", member],
        ["z", 1n],
      ]),
    );
  });

  it("leaves out every used variable where an old server does, and from its digest those in maps", () => {
    const parsed = parseConf(text, { serverVersion: "2.12.5" });
    assert.ok(!settingsOf(parsed, () => true).has("port"));
    const inList = new Map([
      ["k", 2n],
      ["j", 2n],
    ]);
    const member = new Map<string, ConfValue>([
      ["y", new Map([["x", 1n]])],
      ["l", [inList]],
    ]);
    assert.equal(
      configDigest(parsed),
      digestOf(
        new Map<string, ConfValue>([
          ["use", 4222n],
          ["m", member],
          ["z", 1n],
        ]),
      ),
    );
    assert.equal(configDigest(parseConf(text, { serverVersion: "2.12.6" })), digestOf(parsed.root));
  });
});
