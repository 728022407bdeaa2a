import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { discover } from "../../provider/cli/discover";
import { NatsServer } from "../bed/natsServer";
import { PulumiProject } from "../bed/pulumiProject";
import { requireTool } from "../bed/requireTool";

const streams = 200;
const consumers = 500;

/** Settings by stream, turn by turn, so that what is discovered is not all alike. */
const streamFlags = [
  ["--storage=file", "--max-age=24h"],
  ["--storage=memory", "--max-msgs=1000", "--discard=new"],
  ["--storage=file", "--retention=work", "--max-bytes=10MiB"],
  ["--storage=file", "--compression=s2", "--max-msgs-per-subject=5", "--allow-direct"],
  ["--storage=memory", "--dupe-window=30s", "--deny-delete", "--metadata=team:billing"],
];
const consumerFlags = [
  ["--pull", "--ack=explicit", "--max-pending=100"],
  ["--pull", "--ack=none", "--replay=instant"],
  ["--pull", "--ack=explicit", "--wait=5s", "--max-deliver=7"],
];

describe("pulumi-nats discover", function () {
  this.timeout(600_000);
  let server: NatsServer;
  let project: PulumiProject | undefined;
  let nats: string;

  before(async function () {
    nats = await requireTool(this, "nats", "0.4.0");
    server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js", max_mem: 256MB, max_file: 4GB }`);
    for (let start = 0; start < streams; start += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => makeStream(start + index)));
    }
    for (let start = 0; start < consumers; start += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => makeConsumer(start + index)));
    }
  });
  after(async () => {
    project?.remove();
    await server?.stop();
  });

  const call = (...args: string[]): Promise<unknown> =>
    promisify(execFile)(nats, ["--server", server.url, "--no-context", "--timeout", "30s", ...args]);
  const makeStream = (index: number): Promise<unknown> =>
    call("stream", "add", `S${index}`, `--subjects=s${index}.>`, "--defaults", ...streamFlags[index % 5]!);
  const makeConsumer = (index: number): Promise<unknown> => {
    const stream = index % streams;
    // A work queue has one consumer for a subject, and acknowledges.
    const flags = stream % 5 === 2 ? consumerFlags[0]! : consumerFlags[index % 3]!;
    const filter = `--filter=s${stream}.c${index}`;
    return call("consumer", "add", `S${stream}`, `c${index}`, filter, "--deliver=all", "--defaults", ...flags);
  };

  it(`takes ${streams} streams and ${consumers} consumers of the nats CLI in, and the preview after it shows no change`, async () => {
    // What is written for users has its types checked. The state need not be written after each of 700 imports.
    const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "false", PULUMI_SKIP_CHECKPOINTS: "true" };
    project = await PulumiProject.make({ files: {}, env });
    const said = await discover({ out: project.dir, server: server.url });
    assert.match(said, new RegExp(`${streams} streams and ${consumers} consumers written to `));
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    await project.must(["config", "set", "nats:servers", server.url]);
    const file = ["--file", "import.json", "--generate-code=false", "--protect=false", "--yes"];
    await project.must(["import", ...file], { NODE_OPTIONS: "--require pulumi-nats/register" });
    const preview = JSON.parse(await project.must(["preview", "--json"])) as { changeSummary: Record<string, number> };
    assert.deepEqual(preview.changeSummary, { same: streams + consumers + 1 });
  });

  it("writes over no program, unless it is told to", async () => {
    const before = readFileSync(path.join(project!.dir, "index.ts"), "utf8");
    await assert.rejects(
      discover({ out: project!.dir, server: server.url }),
      /holds index\.ts and import\.json already\. Fix: another --out, or --force/,
    );
    await discover({ out: project!.dir, server: server.url, force: true });
    assert.equal(readFileSync(path.join(project!.dir, "index.ts"), "utf8"), before);
  });
});
