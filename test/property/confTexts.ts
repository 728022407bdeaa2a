import fc from "fast-check";

/** Other files of a random configuration, and its environment. */
export const includedFiles: Readonly<Record<string, string>> = {
  "inc.conf": "fromFile: 1\nshared: { x: [a, b], y: 2m }\n",
  "again.conf": "include inc.conf\nagain: $shared",
  "broken.conf": "a: [1]\n",
  "outside.conf": "a: $v1\n",
};
export const environment: Readonly<Record<string, string>> = {
  PLAIN: "secret",
  NUMBER: "3k",
  QUOTED: '"a b"',
  LIST: "[a, 1.5, {b: $PLAIN}]",
  TWO: "1\npk=2",
  EMPTY: "",
  SPACED: "a b",
  CIRCLE: "$CIRCLE",
  MAP: "{a: 1}",
};

/** Pieces that mean something to the language, in any order: mostly mistakes, close to what is allowed. */
const pieces = [
  ..."{}[](),;:=#/'\"$\\-. \n\n\n\t\r\0".split(""),
  ...["//", "# c\n", "// c\n", "{\n", "}\n", "[\n", "]\n", "(\n", "\n)\n", "\n)", ": ", " = ", "\r\n", "\v", "\f"],
  ...["a", "b", "v1", "v2", "$v1", "$v2", "a: 1\n", "v1: 2\n", "v2 {x: 1}\n", "m { k: v }\n", "{ a: b }", "key"],
  ...["0", "1", "10", "-3", "1.5", "-0.0", "1.2.3.4", "1.2.3.4:4222", "9223372036854775807", "9223372036854775808"],
  ...["1k", "2KB", "3mib", "10e", "20EB", "1MBB", "1kbi", "5e7bcd", "1e3", "1m30s", "3secret", "0x10", "1_000", "50%"],
  ...["2016-05-04T18:53:41Z", "2016-02-30T00:00:00Z", "2016-05-04", "1234-5678", "0000-01-01T00:00:00Z"],
  ...[
    "true",
    "off",
    "YES",
    "null",
    "foo.>",
    "http://x",
    "foo#bar",
    "C:\\path",
    "\\x41bc",
    "\\n",
    "\\xff",
    "\\xe2\\x82",
  ],
  ...[
    '"q"',
    "'s'",
    '"a\\tb"',
    '"\\xc3\\xa9"',
    "'it''s'",
    '"<&>"',
    '"k k": 1\n',
    "'k\"k': 1\n",
    "$2a$11$abc",
    "$2b$11$abc",
  ],
  ...[
    "include inc.conf\n",
    "include 'again.conf'\n",
    'include "none.conf"\n',
    "include: x\n",
    "include\n",
    "INCLUDE inc.conf;",
  ],
  ...[
    "include broken.conf\n",
    "include outside.conf\n",
    "include ./inc.conf/\n",
    "include /inc.conf\n",
    "include ../x\n",
  ],
  ...Object.keys(environment).map((name) => `$${name}`),
  ...["é", "\u00a0", "\u0085", "\u2028", "\ufeff", "\u0663", "😀", "\udcff", "\ufffd", "\x1b", "\x7f"],
];

const soup = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 2 })), { maxLength: 14 })
  .map((parts) => parts.join(""));

const scalars = fc.oneof(
  fc.constantFrom(
    ...["1", "-5", "10k", "3GiB", "1.5", "true", "off", "2m", "foo.>", "1.2.3.4:1", "$v1", "$PLAIN", "$LIST"],
  ),
  fc.constantFrom(
    ...['"a\\"b\\x00"', "'raw \\ '", "(\nblock\n)\n", "2020-02-29T23:59:59Z", "$2a$1", '""', "5e7", "10e", "1MBB"],
  ),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => `'${text.replaceAll("'", "")}'`),
);
const keys = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "c", "v1", "v2", "key-1", "$K") },
  fc.constantFrom('"q k"', "'foo.*'", '"é"', '"include"', "x.y", "a{b"),
);
const separators = fc.constantFrom(": ", ":", " = ", " ", "=", "\t", " :\t");
const ends = fc.constantFrom("\n", "\n\n", ",", ";\n", ", ", " # comment\n", " // comment\n", "\r\n", " \n", " ");
const spaces = fc.constantFrom("", " ", "\n", "\n  # comment\n  ");

const { value } = fc.letrec<{ value: string; list: string; map: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: "small" }, { weight: 4, arbitrary: scalars }, tie("list"), tie("map")),
  list: fc
    .tuple(
      spaces,
      fc.array(fc.tuple(tie("value"), fc.constantFrom(",", ", ", "\n", " ,\n", " / ", " ")), { maxLength: 4 }),
    )
    .map(([space, items]) => `[${space}${items.flat().join("")}${space}]`),
  map: fc
    .tuple(spaces, fc.array(fc.tuple(keys, separators, tie("value"), ends), { maxLength: 4 }))
    .map(([space, entries]) => `{${space}${entries.flat().join("")}${space}}`),
}));

const wellFormed = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.tuple(keys, separators, value, ends).map((parts) => parts.join("")) },
        fc.constantFrom("include inc.conf\n", 'include "again.conf"\n', "# comment\n", "v1: 5\n", "v2: {x: 1}\n", "\n"),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    fc.nat({ max: 9 }),
  )
  .map(([entries, wrap]) => (wrap === 0 ? `{\n${entries.join("")}}\n` : entries.join("")));

/** A text with one character more, less, or another. */
const broken = fc
  .tuple(wellFormed, fc.nat(), fc.nat({ max: 1 }), fc.constantFrom("", ..."{}[]()\"',;:=#/$\\ \n1k-.".split("")))
  .map(([text, place, remove, insert]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + remove);
  });

/** Text of nats.conf in all its forms: right, nearly right, and wrong. */
export const confTexts = fc.oneof(
  { weight: 4, arbitrary: soup },
  { weight: 3, arbitrary: wellFormed },
  { weight: 3, arbitrary: broken },
);
