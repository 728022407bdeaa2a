import assert from "node:assert/strict";
import { isHealthy, reportText } from "../../../provider/cli/doctor";
import type { Finding } from "../../../provider/cli/doctorFindings";

const node: Finding = { name: "node", ok: true, version: "22.1.0", from: "/usr/bin/node" };
const go: Finding = { name: "go", ok: false, optional: true, problem: "not on PATH", fix: "install Go" };
const pulumi: Finding = { name: "pulumi", ok: false, problem: "not on PATH", fix: "install Pulumi" };
const old: Finding = { ...pulumi, version: "3.1.0", from: "/bin/pulumi", problem: "too old" };

describe("the doctor's report", () => {
  it("has a line for each finding, with problem and fix below what was found", () => {
    const lines = reportText([node, go, old]).split("\n");
    assert.deepEqual(lines.slice(0, 6), [
      "ok       node    22.1.0  /usr/bin/node",
      "note     go      not on PATH",
      "                 Fix: install Go",
      "MISSING  pulumi  3.1.0  /bin/pulumi",
      "                 too old",
      "                 Fix: install Pulumi",
    ]);
    assert.equal(lines.at(-2), "Missing: pulumi.");
  });

  it("is good when only what is no must is missing", () => {
    assert.equal(isHealthy([node, go]), true);
    assert.equal(isHealthy([node, go, pulumi]), false);
    assert.match(reportText([node, go]), /\nEverything that is needed is there\.\n$/);
  });
});
