import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { unknownValue } from "../../../provider/host/handler";
import { credsFileHandler } from "../../../provider/resources/credsFileHandler";
import type { CredsFileInputs } from "../../../provider/resources/credsFileHandler";
import { contextOf } from "../../contract/suite";

const creds = (seed: string): string =>
  `-----BEGIN NATS USER JWT-----\na.b.c\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
const [first, second] = ["SUAAAA", "SUBBBB"].map(creds) as [string, string];

describe("CredsFile", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-nats-creds-"));
    file = path.join(folder, "new", "app.creds");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const { context, lines } = contextOf(new Map(), undefined);
  const modeOf = (place: string): number => statSync(place).mode & 0o777;

  it("is for its owner alone, with the folder that it makes; what others changed shows and is put right", async () => {
    const { id, state } = await credsFileHandler.create(context, { path: file, creds: first });
    assert.deepEqual([readFileSync(file, "utf8"), modeOf(file), modeOf(path.dirname(file))], [first, 0o600, 0o700]);
    chmodSync(file, 0o644);
    const live = (await credsFileHandler.read(context, id, state))!;
    const wanted = { path: file, creds: first };
    assert.deepEqual((await credsFileHandler.diff(context, id, live.state, wanted)).changes, { mode: "update" });
    const updated = await credsFileHandler.update(context, id, live.state, { path: file, creds: second });
    assert.deepEqual([readFileSync(file, "utf8"), modeOf(file)], [second, 0o600]);
    await credsFileHandler.delete(context, id, updated);
    assert.ok(!existsSync(file));
  });

  it("leaves a file alone that something else wrote", async () => {
    writeFileSync(path.join(folder, "app.creds"), second);
    const inputs: CredsFileInputs = { path: path.join(folder, "app.creds"), creds: first };
    const { problems } = await credsFileHandler.check(context, undefined, inputs);
    assert.match(problems.map(({ reason }) => reason).join(), /exists already, with other content/);
    await assert.rejects(credsFileHandler.create(context, inputs), /exists already, with other content\. Fix: rm "/);
    await credsFileHandler.delete(context, inputs.path, { ...inputs, mode: "600" });
    assert.equal(readFileSync(inputs.path, "utf8"), second);
    assert.match(lines.at(-1)!, /app\.creds stays: something else was written to it/);
  });

  it("wants an absolute path, and says which one is meant", async () => {
    const fixOf = async (wanted: string): Promise<string | undefined> =>
      (await credsFileHandler.check(context, undefined, { path: wanted, creds: unknownValue })).problems[0]?.fix;
    assert.equal(await fixOf("app.creds"), `path: ${JSON.stringify(path.resolve("app.creds"))}`);
    assert.equal(await fixOf("~/nats/app.creds"), `path: ${JSON.stringify(path.join(homedir(), "nats/app.creds"))}`);
    assert.equal(await fixOf(file), undefined);
  });
});
