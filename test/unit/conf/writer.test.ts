import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";
import { Reference } from "../../../provider/conf/value";
import type { ConfValue } from "../../../provider/conf/value";
import { writeConf } from "../../../provider/conf/writer";

function write(value: ConfValue): string {
  return writeConf(new Map([["a", value]]));
}

const scalars: readonly (readonly [ConfValue, string])[] = [
  ["x", '"x"'],
  ["", '""'],
  ['é "q" \\ \n\r\t\0 $x # {', '"é \\"q\\" \\\\ \\n\\r\\t\\x00 $x # {"'],
  ["\udcff", '"\\xff"'],
  [10n, "10"],
  [-(2n ** 63n), "-9223372036854775808"],
  [1.5, "1.5"],
  [2, "2.0"],
  [-0, "-0.0"],
  [1e21, "1000000000000000000000.0"],
  [1.25e-7, "0.000000125"],
  [-1.5e22, "-15000000000000000000000.0"],
  [true, "true"],
  [false, "false"],
  [new Date("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00Z"],
  [new Reference("NATS_PASSWORD"), "$NATS_PASSWORD"],
];

const keys: readonly (readonly [string, string])[] = [
  ["max_payload", "max_payload"],
  ["foo.*", '"foo.*"'],
  ["include", '"include"'],
  ["Include", '"Include"'],
  ["$G", '"$G"'],
  ["", '""'],
  ['a"b', `'a"b'`],
  ["it's", `"it's"`],
];

const refused: readonly (readonly [ConfValue, string])[] = [
  [
    2n ** 63n,
    "nats.conf can't have the number 9223372036854775808: it is beyond 64 bits. Fix: -9223372036854775808 to 9223372036854775807",
  ],
  [NaN, "nats.conf can't have the number NaN. Fix: a finite number"],
  [-Infinity, "nats.conf can't have the number -Infinity. Fix: a finite number"],
  [new Date(NaN), "nats.conf can't have the date an invalid date. Fix: whole seconds in the years 0000 to 9999"],
  [new Date(1), "nats.conf can't have the date 1970-01-01T00:00:00.001Z. Fix: whole seconds in the years 0000 to 9999"],
  ["\ud800", "nats.conf can't have a text with a lone surrogate. Fix: well-formed Unicode"],
  [
    new Reference("2a$x"),
    '$2a$x is no variable of nats.conf. Fix: letters, digits, "_" and "-", a letter or "_" first',
  ],
];

const refusedKeys: readonly (readonly [string, string])[] = [
  [`'"`, `nats.conf can't have the key "'\\"": it holds both kinds of quotes. Fix: a name with at most one kind`],
  ["a\0", `nats.conf can't have the key "a\\u0000": a NUL byte ends the text. Fix: a name without it`],
  [
    "\udcff",
    `nats.conf can't have the key "\\udcff": it is no well-formed Unicode. Fix: a name without lone surrogates`,
  ],
];

describe("writeConf", () => {
  for (const [value, text] of scalars) {
    it(`writes ${text}`, () => {
      assert.equal(write(value), `a: ${text}\n`);
      if (!(value instanceof Reference)) assert.deepEqual(parseConf(write(value)).root.get("a"), value);
    });
  }
  for (const [key, text] of keys) {
    it(`writes the key ${text}`, () => {
      const map = new Map([[key, new Map([[key, "x"]])]]);
      assert.equal(writeConf(map), `${text} {\n  ${text}: "x"\n}\n`);
      assert.deepEqual(parseConf(writeConf(map)).root, map);
    });
  }
  for (const [value, message] of refused)
    it(`refuses: ${message}`, () => assert.throws(() => write(value), { name: "NatsError", message }));
  for (const [key, message] of refusedKeys) {
    it(`refuses: ${message}`, () =>
      assert.throws(() => writeConf(new Map([[key, "x"]])), { name: "NatsError", message }));
  }

  it("puts comments and includes first, and each item on its own line", () => {
    const map = new Map<string, ConfValue>([
      [
        "accounts",
        new Map([
          [
            "APP",
            new Map<string, ConfValue>([
              ["users", [new Map([["user", "x"]])]],
              ["empty", new Map()],
            ]),
          ],
        ]),
      ],
      ["list", [1n, "b", ["c"], []]],
    ]);
    assert.equal(
      writeConf(map, { header: ["made by\nus", ""], includes: ["secrets.conf", `it's.conf`] }),
      `# made by
# us
#
include "secrets.conf"
include "it's.conf"
accounts {
  APP {
    users: [
      {
        user: "x"
      }
    ]
    empty {
    }
  }
}
list: [
  1
  "b"
  [
    "c"
  ]
  [
  ]
]
`,
    );
  });

  it("refuses more levels than are read", () => {
    let value: ConfValue = "x";
    for (let level = 0; level < 1000; level++) value = [value];
    assert.deepEqual(parseConf(write(value)).root.get("a"), value);
    assert.throws(
      () => write([value]),
      /^NatsError: nats\.conf is written at most 1000 levels deep\. Fix: fewer levels$/,
    );
  });
});
