import assert from "node:assert/strict";
import { fits, isAtLeast } from "../../../provider/tools/pathTool";
import type { ToolName } from "../../../provider/tools/toolSources";

describe("versions on PATH", () => {
  const cases: [ToolName, string | undefined, string, boolean][] = [
    ["nats-server", "2.15.2", "2.15.2", true],
    ["nats-server", "2.15.3", "2.15.2", false],
    ["nats-server", "2.15.2-RC.1", "2.15.2", false],
    ["nats-server", undefined, "2.15.2", false],
    ["nats", "0.4.0", "0.4.0", true],
    ["nats", "0.3.1", "0.4.0", true],
    ["nats", "0.1.5", "0.4.0", false],
    ["pulumi", "3.215.9", "3.250.0", false],
    ["pulumi", "3.216.0", "3.250.0", true],
    ["pulumi", "3.1000.0", "3.250.0", true],
    ["pulumi", "4.0.0", "3.250.0", false],
    ["pulumi", undefined, "3.250.0", false],
    ["pulumi-language-nodejs", undefined, "3.250.0", true],
    ["pulumi-resource-pulumi-nodejs", undefined, "3.250.0", true],
  ];
  for (const [name, version, wanted, expected] of cases) {
    it(`${name} ${version ?? "of no known version"} ${expected ? "will" : "won't"} do for ${wanted}`, () => {
      assert.equal(fits(name, version, wanted), expected);
    });
  }

  it("are compared number by number", () => {
    const ordered = ["0.9.10", "2.9.9", "2.15.2", "2.15.10", "10.0.0"];
    ordered.forEach((a, i) => ordered.forEach((b, j) => assert.equal(isAtLeast(a, b), i >= j, `${a} >= ${b}`)));
    assert.ok(isAtLeast("20", "20.0.0"));
    assert.ok(isAtLeast("3.216.0-alpha.1+dirty", "3.216.0"));
  });
});
