import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { connect } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { discover } from "../../provider/cli/discover";
import type { JsonObject } from "../../provider/model/exactJson";
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

const second = 1_000_000_000;

/** What the CLI's flags above don't make: one of each. */
const otherStreams: readonly JsonObject[] = [
  { name: "MIRROR", mirror: { name: "S0", filter_subject: "s0.c0" } },
  {
    name: "SOURCES",
    subjects: ["own.>"],
    sources: [
      { name: "S1", opt_start_seq: 5, filter_subject: "s1.>" },
      { name: "S3", subject_transforms: [{ src: "s3.>", dest: "t3.>" }] },
      { name: "S5", opt_start_time: "2026-01-31T12:00:00Z" },
      { name: "S6", consumer: { name: "copy", deliver_subject: "copies.s6" } },
      { name: "FAR", external: { api: "$JS.hub.API", deliver: "from.hub" } },
    ],
  },
  { name: "PLACED", subjects: ["placed.>"], placement: { tags: ["ssd"] } },
  {
    name: "SHAPED",
    subjects: ["shaped.>"],
    subject_transform: { src: "shaped.*", dest: "shaped.x.{{wildcard(1)}}" },
    republish: { src: "shaped.>", dest: "again.>", headers_only: true },
    consumer_limits: { inactive_threshold: 3600 * second, max_ack_pending: 500 },
    subject_delete_marker_ttl: 60 * second,
    first_seq: 100,
  },
  { name: "COUNTER", subjects: ["counter.>"], allow_msg_counter: true, allow_direct: true },
  { name: "BATCHES", subjects: ["batches.>"], allow_atomic: true, allow_batched: true, allow_msg_schedules: true },
];
const otherConsumers: readonly (JsonObject & { readonly name: string })[] = [
  {
    name: "push",
    deliver_subject: "out.push",
    deliver_group: "workers",
    flow_control: true,
    idle_heartbeat: 5 * second,
    rate_limit_bps: 1_000_000,
    sample_freq: "50%",
    filter_subjects: ["shaped.x.a", "shaped.x.b"],
  },
  { name: "backoff", max_deliver: 5, backoff: [second, 10 * second], headers_only: true },
  { name: "pinned", priority_policy: "pinned_client", priority_groups: ["jobs"], priority_timeout: 60 * second },
  { name: "overflow", priority_policy: "overflow", priority_groups: ["jobs", "more"], max_batch: 10 },
  { name: "start", deliver_policy: "by_start_sequence", opt_start_seq: 105, replay_policy: "original" },
  { name: "paused", pause_until: "2100-01-01T00:00:00Z", metadata: { team: "billing" }, mem_storage: true },
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
    const connection = await connect({ servers: server.url });
    const js = new JetStream(connection);
    for (const config of otherStreams) await createStream(js, config);
    for (const { name, ...config } of otherConsumers) {
      await createConsumer(js, "SHAPED", { name, durable_name: name, ack_policy: "explicit", ...config });
    }
    await connection.close();
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

  it(`takes ${streams} streams and ${consumers} consumers of the nats CLI in, and one of each other kind, and the preview after it shows no change`, async () => {
    // What is written for users has its types checked. The state need not be written after each of 700 imports.
    const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "false", PULUMI_SKIP_CHECKPOINTS: "true" };
    project = await PulumiProject.make({ files: {}, env });
    const said = await discover({ out: project.dir, server: server.url });
    const all = [streams + otherStreams.length, consumers + otherConsumers.length] as const;
    assert.match(said, new RegExp(`${all[0]} streams and ${all[1]} consumers written to `));
    project.write("package.json", '{ "name": "bed", "main": "index.ts" }\n');
    await project.must(["config", "set", "nats:servers", server.url]);
    const file = ["--file", "import.json", "--generate-code=false", "--protect=false", "--yes"];
    await project.must(["import", ...file], { NODE_OPTIONS: "--require pulumi-nats/register" });
    const preview = JSON.parse(await project.must(["preview", "--json"])) as { changeSummary: Record<string, number> };
    assert.deepEqual(preview.changeSummary, { same: all[0] + all[1] + 1 });
  });

  it("writes over no program, unless it is told to", async () => {
    const before = readFileSync(path.join(project!.dir, "index.ts"), "utf8");
    await assert.rejects(
      discover({ out: project!.dir, server: server.url }),
      /holds index\.ts and import\.json already\. Fix: another --out, or --force/,
    );
    const file = path.join(project!.dir, "package.json");
    await assert.rejects(
      discover({ out: file, server: server.url }),
      /package\.json can't be written: .*Fix: --out with a folder/,
    );
    await discover({ out: project!.dir, server: server.url, force: true });
    assert.equal(readFileSync(path.join(project!.dir, "index.ts"), "utf8"), before);
  });
});
