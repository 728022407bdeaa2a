import assert from "node:assert/strict";
import { versionIn } from "../../../provider/tools/toolVersion";

describe("what a tool says of its version", () => {
  const texts: [string, string | undefined][] = [
    ["nats-server: v2.15.2\n", "2.15.2"],
    ["nats-server: v2.12.0-RC.3\n", "2.12.0-RC.3"],
    ["v3.250.0\n", "3.250.0"],
    ["v3.251.0-alpha.x4f5\n", "3.251.0-alpha.x4f5"],
    ["0.4.0\n", "0.4.0"],
    ["v0.4.0+dirty", "0.4.0"],
    ["development", undefined],
    ["", undefined],
  ];
  for (const [text, version] of texts) {
    it(`is ${version ?? "unknown"} in ${JSON.stringify(text)}`, () => assert.equal(versionIn(text), version));
  }
});
