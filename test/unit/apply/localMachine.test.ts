import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalMachine } from "../../../provider/apply/machine/localMachine";

describe("The folder of this machine's servers", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "pulumi-nats-machine-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("that is not there holds nothing", async () => {
    const machine = new LocalMachine(path.join(home, "none"));
    assert.deepEqual(await machine.nodes(), []);
    assert.deepEqual(await machine.owners(), []);
    assert.equal(await machine.folder("east-1"), undefined);
    assert.equal(await machine.readGeneration("east-1", "1"), undefined);
    assert.equal(await machine.setDataAside("east-1"), undefined);
  });

  it("that can't be read is never taken for an empty one", async () => {
    const file = path.join(home, "file");
    writeFileSync(file, "");
    const machine = new LocalMachine(file);
    const wanted = /^NatsError: ENOTDIR: not a directory, .*file.*\. Fix: run it as the user who made that/;
    await assert.rejects(machine.nodes(), wanted);
    await assert.rejects(machine.owners(), wanted);
    await assert.rejects(machine.folder("east-1"), wanted);
    await assert.rejects(machine.readGeneration("east-1", "1"), wanted);
    await assert.rejects(machine.setDataAside("east-1"), wanted);
    mkdirSync(path.join(home, "servers/owner.json"), { recursive: true });
    await assert.rejects(new LocalMachine(path.join(home, "servers")).owners(), /^NatsError: EISDIR: /);
  });

  it("is not told whose it is by a file that doesn't say so", async () => {
    const file = path.join(home, "owner.json");
    for (const [text, wanted] of [
      [
        '{"cluster": ',
        /^NatsError: .*owner\.json says whose servers these are, and is no JSON: .*\. Fix: give it back/,
      ],
      ["null", /^NatsError: .*owner\.json does not say whose servers these are\. Fix: give it back/],
    ] as const) {
      writeFileSync(file, text);
      await assert.rejects(new LocalMachine(home).owners(), wanted);
    }
  });
});
