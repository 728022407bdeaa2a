import fc from "fast-check";
import type { ConfMap, ConfValue } from "../../provider/conf/value";

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.constantFrom(
    "",
    "$NAME",
    "true",
    "12k",
    "]",
    "}",
    ")\n",
    "a\\",
    "\ufeff",
    "\udcff\udc80",
    "<&>\u2028",
    "\b\f\x1b\x7f",
    "\u0000",
  ),
);
const keys = fc
  .oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^[a-z_][a-zA-Z0-9_]{0,6}$/) },
    fc.constantFrom(
      "include",
      "Include",
      "foo.*",
      "a b",
      "a{",
      "{",
      "#",
      "//",
      "",
      "$G",
      "-",
      "\n",
      "é",
      "😀",
      "\uffff",
      "it's",
      'a"b',
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  )
  .filter((key) => !/[\ud800-\udfff]/u.test(key) && !key.includes("\0") && !(key.includes("'") && key.includes('"')));

const values = fc.letrec<{ value: ConfValue; list: ConfValue[]; map: ConfMap }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    { weight: 3, arbitrary: texts },
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc
      .date({ min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
      .map(wholeSeconds),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("value"), { maxLength: 5 }),
  map: fc.array(fc.tuple(keys, tie("value")), { maxLength: 5 }).map((entries) => new Map(entries)),
}));

function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** Values of every kind that nats.conf can say, nested. */
export const confMaps: fc.Arbitrary<ConfMap> = values.map;
