import assert from "node:assert/strict";
import { checksumOf } from "../../../provider/tools/checksums";

const a = "a".repeat(64);
const b = "B".repeat(64);

describe("lists of checksums", () => {
  const list = `${a}  nats-server-v2.15.2-linux-amd64.tar.gz\r\n${b} *./dist/nats-0.4.0-linux-amd64.zip\n\nno checksum at all\n`;
  const cases: [string, string | undefined][] = [
    ["nats-server-v2.15.2-linux-amd64.tar.gz", a],
    ["nats-0.4.0-linux-amd64.zip", b.toLowerCase()],
    ["nats-server-v2.15.2-linux-amd64.tar", undefined],
    ["linux-amd64.tar.gz", undefined],
    ["at all", undefined],
    ["", undefined],
  ];
  for (const [name, checksum] of cases) {
    it(`${checksum ? "name" : "don't name"} ${JSON.stringify(name)}`, () =>
      assert.equal(checksumOf(list, name), checksum));
  }

  it("take no shortened checksum", () => {
    assert.equal(checksumOf(`${"a".repeat(63)}  file\n${"a".repeat(65)}  file\n`, "file"), undefined);
  });

  it("that are a web page say nothing", () => {
    assert.equal(checksumOf("<html><body>Not found: file</body></html>", "file"), undefined);
  });
});
