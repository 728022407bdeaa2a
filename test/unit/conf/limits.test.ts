import assert from "node:assert/strict";
import { parseConf } from "../../../provider/conf/parser";

function messageOf(text: string): string {
  try {
    parseConf(text);
  } catch (error) {
    return (error as Error).message;
  }
  return "read";
}

describe("parseConf of hostile text", () => {
  it("refuses lists and maps deeper than 1000 levels, closed or not", () => {
    const deep =
      "blocks and lists are nested deeper than 1000 levels. Fix: fewer levels; no setting needs more than 10";
    assert.equal(messageOf(`a: ${"[".repeat(1001)}`), `nats.conf:1:1004: ${deep}`);
    assert.equal(messageOf("a {".repeat(200_000)), `nats.conf:1:3003: ${deep}`);
    assert.equal(messageOf(`a: ${"[".repeat(1000)}${"]".repeat(1000)}`), "read");
  });

  it("refuses depth that variables build up", () => {
    const lines = Array.from({ length: 1100 }, (_, index) => `v${index + 1} { x: $v${index} }`);
    assert.match(
      messageOf(`v0 { x: 1 }\n${lines.join("\n")}`),
      /^nats\.conf:1001:12: blocks and lists are nested deeper/,
    );
  });

  it("refuses variables that repeat blocks beyond a million values", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `v${index + 1}: [$v${index}, $v${index}]`);
    const message = messageOf(`v0: [x, y]\n${lines.join("\n")}`);
    assert.match(
      message,
      /: variables that repeat blocks make more than 1000000 values of this file\. Fix: write less/,
    );
  });
});
