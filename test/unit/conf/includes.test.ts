import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";
import type { ParsedConf } from "../../../provider/conf/parsed";

function parseFiles(files: Readonly<Record<string, string>>, file = "/etc/nats/nats.conf"): ParsedConf {
  const readFile = (name: string): string => {
    const text = files[name];
    if (text === undefined) throw new Error(`no file ${name}`);
    return text;
  };
  return parseConf(readFile(file), { file, readFile });
}

const main = "/etc/nats/nats.conf";

describe("includes", () => {
  it("take the keys of another file at the top and in maps, quoted or bare", () => {
    const parsed = parseFiles({
      [main]: `include a.conf\nm { include "sub/b.conf", d: 4 }\nINCLUDE 'a.conf'`,
      "/etc/nats/a.conf": "a: 1",
      "/etc/nats/sub/b.conf": "b: 2\ninclude c.conf",
      "/etc/nats/sub/c.conf": "c: 3",
    });
    assert.deepEqual(
      parsed.root,
      new Map<string, unknown>([
        ["a", 1n],
        [
          "m",
          new Map([
            ["b", 2n],
            ["c", 3n],
            ["d", 4n],
          ]),
        ],
      ]),
    );
    assert.deepEqual(parsed.positionOf("m.c"), { file: "/etc/nats/sub/c.conf", line: 1, column: 1 });
    assert.deepEqual(parsed.positionOf("m.d"), { file: main, line: 2, column: 27 });
  });

  it("join even an absolute path to the folder of the including file", () => {
    assert.deepEqual(parseFiles({ [main]: "include /x/a.conf", "/etc/nats/x/a.conf": "a: 1" }).root.get("a"), 1n);
  });

  it("are relative to nothing without a file name", () => {
    const asked: string[] = [];
    parseConf("include ./sub/../a.conf/", { readFile: (name) => (asked.push(name), "") });
    assert.deepEqual(asked, ["a.conf"]);
  });

  it("give variables to the including file, and see none of it", () => {
    const parsed = parseFiles({ [main]: "include a.conf\nb: $a", "/etc/nats/a.conf": "a: 1" });
    assert.equal(parsed.root.get("b"), 1n);
    assert.deepEqual([...parsed.variables], ["a"]);
    assert.throws(() => parseFiles({ [main]: "a: 1\ninclude a.conf", "/etc/nats/a.conf": "b: $a" }), {
      message: /^\/etc\/nats\/a\.conf:1:4: \$a has no value/,
    });
  });

  it("in a circle are refused with the whole circle", () => {
    assert.throws(() => parseFiles({ [main]: "\ninclude a.conf", "/etc/nats/a.conf": "include nats.conf" }), {
      message:
        "/etc/nats/a.conf:1:9: files include each other: /etc/nats/nats.conf > /etc/nats/a.conf > /etc/nats/nats.conf. Fix: remove one of the includes",
    });
  });

  it("that go ever deeper are refused", () => {
    const readFile = (): string => "include sub/x.conf";
    assert.throws(() => parseConf("include x.conf", { readFile }), /files include each other: /);
  });

  it("of a file that is not there say so", () => {
    assert.throws(() => parseFiles({ [main]: "a { include none.conf }" }), {
      message: `${main}:1:13: the included file "none.conf" can't be read: no file /etc/nats/none.conf. Fix: the path of a file, relative to the folder of the file that includes it`,
    });
  });
});
