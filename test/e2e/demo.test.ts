import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { lazily, repository } from "../bed/pulumiBed";

describe("the demonstration", () => {
  it("brings the quickstart up, changes it under load without loss, and takes it down", function () {
    this.timeout(600_000);
    const demo = path.join(repository, "test/demo/demo.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", "ts-node/register", demo], {
      cwd: repository,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} ${lazily}` },
    });
    assert.equal(status, 0, stdout + stderr);
    const last = stdout.trimEnd().split("\n").at(-1)!;
    const [, acknowledged] = /^demo: (\d+) acknowledged, 0 lost, 0 duplicated, longest gap \d+ ms$/.exec(last) ?? [];
    assert.ok(Number(acknowledged) > 100, last);
    assert.match(stdout, /billing received "order 1" on orders.shipped/);
    assert.match(stdout, /hot reload on quickstart-1, quickstart-2, quickstart-3: max_payload 1048576 → 8388608/);
    assert.match(stdout, /rolling restart, one server at a time .*: max_subscriptions 0 → 10000/);
    assert.match(stdout, /maxMsgs: from -1 to 10: .*deletes 11 of 21 messages/);
  });
});
