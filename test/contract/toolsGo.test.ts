import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { toolCache } from "../../provider/tools/toolCache";
import { freePorts } from "../bed/freePorts";
import { skipWithout } from "../bed/requireTool";

const root = path.resolve(__dirname, "../..");
const run = promisify(execFile);

/** The sources of tools, asked by a process that reaches no release and has an empty cache. */
describe("tools where no download can be reached", function () {
  this.timeout(600_000);
  let dir: string;
  let env: NodeJS.ProcessEnv;

  before(async function () {
    dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-tools-"));
    const [closed] = await freePorts(1);
    const { stdout } = await run("go", ["env", "GOCACHE"]).catch((error) => skipWithout(this, "go", error));
    env = {
      ...process.env,
      // The runner of all tests has the tools of the user's cache on PATH.
      PATH: process.env["PATH"]!.split(path.delimiter)
        .filter((folder) => !folder.startsWith(toolCache()))
        .join(":"),
      XDG_CACHE_HOME: dir,
      GOCACHE: stdout.trim(),
      PULUMI_NATS_DOWNLOAD_BASE: `http://127.0.0.1:${closed}`,
    };
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  async function evaluate(program: string): Promise<{ out: string; err: string }> {
    const { stdout, stderr } = await run(process.execPath, ["-r", "ts-node/register", "-e", program], {
      cwd: root,
      env,
    });
    return { out: stdout.trim(), err: stderr };
  }

  it("a pinned server is built from the Go module proxy, and says its version", async () => {
    const { out, err } = await evaluate(
      `require("./provider/tools/findTool").findTool("nats-server", "2.11.17").then(console.log)`,
    );
    assert.equal(out, path.join(dir, "pulumi-nats", "tools", "nats-server-2.11.17", "nats-server"));
    assert.match(err, /\(from the official release\): failed \(http:\S+SHA256SUMS: connect ECONNREFUSED/);
    assert.match(err, /building nats-server 2\.11\.17 \(from the Go module proxy\): done after \d+ s\n$/);
    assert.equal((await run(out, ["--version"])).stdout, "nats-server: v2.11.17\n");
  });

  it("a version that does not exist is one clear error", async () => {
    const { out } = await evaluate(
      `require("./provider/tools/findTool").findTool("nats-server", "2.11.9999").catch((error) => console.log(String(error)))`,
    );
    const lines = out.split("\n");
    assert.equal(lines[0], "NatsError: nats-server 2.11.9999 is not to be had. Tried:");
    assert.match(lines[1]!, /^ {2}- PATH: /);
    assert.match(lines[2]!, /^ {2}- cache: nothing in /);
    assert.match(lines[3]!, /^ {2}- official release: http:\S+ could not be reached/);
    assert.match(lines[4]!, /^ {2}- Go module proxy: go install ended with 1: .*2\.11\.9999/);
    assert.match(lines[5]!, /^Fix: install nats-server 2\.11\.9999 and put it on PATH, /);
  });

  it("Pulumi's launcher is taken from the program's own SDK, and finds the SDK's provider", async () => {
    const { out } = await evaluate(
      `require("./provider/tools/findTool").findTool("pulumi-resource-pulumi-nodejs").then(console.log)`,
    );
    assert.ok(out.startsWith(dir), out);
    // Without the address of an engine the provider says so; that it is reached at all is what counts.
    const ended = await run(out, [], { cwd: root }).catch((error: { stderr: string; stdout: string }) => error);
    assert.equal(ended.stdout + ended.stderr, "fatal: Missing <engine> address\n");
  });
});

describe("the environment for pulumi", function () {
  this.timeout(600_000);

  it("has pulumi, its language host and its launcher on PATH", async () => {
    const { stdout } = await run(
      process.execPath,
      [
        "-r",
        "ts-node/register",
        "-e",
        `require("./provider/tools/pulumiTools").pulumiEnvironment().then((env) => console.log(JSON.stringify(env)))`,
      ],
      { cwd: root },
    );
    const environment = JSON.parse(stdout) as Record<string, string>;
    const env = { ...process.env, ...environment };
    assert.equal(environment["PULUMI_SKIP_UPDATE_CHECK"], "true");
    const found = await run("pulumi", ["version"], { env });
    assert.match(found.stdout, /^v3\.\d+\.\d+/);
    for (const tool of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      const { stdout: file } = await run("sh", ["-c", `command -v ${tool}`], { env });
      assert.equal(path.basename(file.trim()), tool);
    }
  });
});
