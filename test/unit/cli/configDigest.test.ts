import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileDigest } from "../../../provider/cli/configDigest";

describe("config digest", () => {
  let dir = "";
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-digest-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  function digest(text: string | Uint8Array, version = "2.15.2"): { digest?: string; problems: string[] } {
    const file = path.join(dir, "nats.conf");
    writeFileSync(file, text);
    const result = fileDigest(file, version);
    return { ...result, problems: result.problems.map((line) => line.replaceAll(file, "FILE")) };
  }

  it("is the server's, of includes and bytes that are no UTF-8, too", () => {
    const expected = "sha256:e74ca78630f99d361a3c435cf3def2f9efb3e081e807383188b3879aa2754ff1";
    assert.deepEqual(digest('port: 4222\nserver_name: "<a>"\n'), { digest: expected, problems: [] });
    writeFileSync(path.join(dir, "name.conf"), 'server_name: "<a>"');
    assert.deepEqual(digest("include name.conf\nport: 4222"), { digest: expected, problems: [] });
    assert.equal(digest(Buffer.from('server_name: "\xff"', "latin1")).digest, digest('server_name: "\\xff"').digest);
  });

  it("is that of the version asked for, with or without v", () => {
    const text = "name: x\nserver_name: $name";
    assert.equal(digest(text, "v2.11.17").digest, digest("server_name: x").digest);
    assert.notEqual(digest(text).digest, digest("server_name: x").digest);
  });

  it("is not there for text that no server reads", () => {
    assert.deepEqual(digest("port: 4222\nserver_tags: [1]"), {
      problems: [
        "FILE:2:17: a list is never closed. Fix: add ']', after a space or on a line of its own when a number stands before it",
      ],
    });
  });

  it("is not there for values that a server refuses; all of them are told", () => {
    const { digest: none, problems } = digest("port: 4222\nserver_name: 5\nping_interval: true");
    assert.equal(none, undefined);
    assert.equal(problems.length, 2);
    assert.match(problems[0]!, /^FILE:2:1: server_name: the number 5 stands where text is expected\. Fix: "5"$/);
    assert.match(problems[1]!, /^FILE:3:1: ping_interval: /);
  });

  it("is not there for what -t refuses as a warning, nor for an empty file", () => {
    assert.match(
      digest("authorization { timeout: 1m }").problems.join(),
      /^FILE:1:17: authorization\.timeout: 1000000 seconds/,
    );
    assert.deepEqual(digest("# nothing\n").problems, ["FILE: has no values: a server refuses an empty configuration"]);
  });

  it("says which file is not there", () => {
    const file = path.join(dir, "none.conf");
    assert.throws(() => fileDigest(file, "2.15.2"), { name: "NatsError", message: `${file}: there is no such file` });
  });
});
