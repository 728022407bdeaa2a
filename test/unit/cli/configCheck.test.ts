import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { configCheck } from "../../../provider/cli/configCheck";

describe("config check", () => {
  let dir = "";
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-check-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));
  const check = (file: string, json = false) => configCheck(path.join(dir, file), { serverVersion: "2.15.2", json });

  it("says that a file is not there, and nothing of what a server would make of it", () => {
    const { ok, text } = check("none.conf");
    assert.equal(ok, false);
    assert.equal(text, `${dir}/none.conf: error: there is no such file. Fix: the path of a nats.conf\n`);
    const folder = configCheck(dir, { serverVersion: "2.15.2" });
    assert.equal(folder.text, `${dir}: error: it is a folder. Fix: the path of a nats.conf\n`);
    const [problem] = (JSON.parse(check("none.conf", true).text) as { problems: { unreadable?: boolean }[] }).problems;
    assert.equal(problem?.unreadable, true);
  });

  it("gives the fix of a URL where there is one", () => {
    const urls = '"127.0.0.1:6222", "nats://a:6222/%zz"';
    writeFileSync(path.join(dir, "urls.conf"), `cluster { listen: "127.0.0.1:6222", routes: [${urls}] }\n`);
    const [scheme, escape] = check("urls.conf").text.split("\n");
    assert.match(scheme!, /: error: cluster\.routes\[0\]: the URL has no scheme\. Fix: nats:\/\/…$/);
    assert.match(escape!, /: error: cluster\.routes\[1\]: the URL has a bad % escape$/);
  });

  it("says that a server refuses a file whose include is not there", () => {
    writeFileSync(path.join(dir, "nats.conf"), "include none.conf\n");
    const { ok, text } = check("nats.conf");
    assert.equal(ok, false);
    assert.match(text, /none\.conf: there is no such file[^]*nats\.conf is refused by nats-server 2\.15\.2\n$/);
  });
});
