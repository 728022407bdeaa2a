import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs, promisify } from "node:util";
import { deleteStream, streamNames } from "../../provider/apply/jetstreamStreams";
import { JetStream } from "../../provider/apply/jetstream";
import { connect } from "nats";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { NatsServer } from "../bed/natsServer";
import { pulumiRun } from "./pulumiRun";
import { rawApi } from "./rawApi";
import { tableOf } from "./table";
import { terraformRun } from "./terraformRun";
import { titleOf } from "./work";
import type { Phases, Work } from "./work";

const usage = `npm run bench -- [options]
  --streams N,N,…      default 100,1000,10000
  --consumers N,N,…    consumers of each stream; default 0 for all, and 10 beside for 1000 streams
  --servers 1,3        one server, three servers (three replicas); default both
  --rounds N           medians of so many rounds; default 1
  --single N           most streams as one resource each; default 1000
  --terraform PATH --terraform-provider PATH   terraform and terraform-provider-jetstream, to compare with; skipped where one is not there
  --json               figures as JSON`;

interface Result {
  readonly work: Work;
  readonly tools: Readonly<Record<string, readonly Phases[]>>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      streams: { type: "string", default: "100,1000,10000" },
      consumers: { type: "string" },
      servers: { type: "string", default: "1,3" },
      rounds: { type: "string", default: "1" },
      single: { type: "string", default: "1000" },
      terraform: { type: "string" },
      "terraform-provider": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
  const [terraform, provider] = [values.terraform, values["terraform-provider"]].map((file) => {
    if (file === undefined || existsSync(file)) return file;
    say(`${file} is not there`);
    return undefined;
  });
  if (terraform === undefined || provider === undefined) {
    say("terraform is skipped: --terraform PATH --terraform-provider PATH compare with it");
  }
  const results: Result[] = [];
  for (const work of worksOf(values.streams, values.consumers, values.servers)) {
    const tools: Record<string, Phases[]> = {};
    for (let round = 0; round < Number(values.rounds); round++) {
      const measure = async (name: string, run: (url: string) => Promise<Phases>): Promise<void> => {
        say(`${titleOf(work)}: ${name}`);
        (tools[name] ??= []).push(await onServers(work, run));
      };
      await measure("raw API", (url) => rawApi(url, work));
      // What every run of the command costs, whatever it manages.
      await measure("pulumi alone", (url) => pulumiRun(url, { ...work, streams: 0 }, "maps", false));
      await measure(work.consumers > 0 ? "Streams, Consumers" : "Streams", (url) =>
        pulumiRun(url, work, "maps", false),
      );
      if (work.streams * (1 + work.consumers) <= Number(values.single)) {
        await measure("Stream each", (url) => pulumiRun(url, work, "single", false));
        if (work.consumers === 0) {
          await measure("dynamic resource by hand each", (url) => pulumiRun(url, work, "by hand", false));
        }
        await measure("Stream each, skipping checkpoints", (url) => pulumiRun(url, work, "single", true));
        if (terraform !== undefined && provider !== undefined) {
          await measure("terraform", (url) => terraformRun(url, work, terraform, provider));
        }
      }
    }
    results.push({ work, tools });
    if (!values.json) console.log(`${tableOf(work, tools)}\n`);
  }
  if (values.json)
    console.log(JSON.stringify(results, (key, value: unknown) => (key === "output" ? undefined : value), 2));
}

function worksOf(streams: string, consumers: string | undefined, servers: string): Work[] {
  const numbers = (text: string): number[] => text.split(",").map(Number);
  const works = numbers(streams).flatMap((count) => {
    const each = consumers === undefined ? (count === 1000 ? [0, 10] : [0]) : numbers(consumers);
    return each.map((one) => ({ streams: count, consumers: one }));
  });
  return numbers(servers).flatMap((count) =>
    works.map((work): Work => ({ ...work, servers: count === 3 ? 3 : 1, replicas: count === 3 ? 3 : 1 })),
  );
}

/** Fresh servers for each, so that none inherits another's files. */
async function onServers<Result>(work: Work, run: (url: string) => Promise<Result>): Promise<Result> {
  const servers =
    work.servers === 3
      ? await startJetStreamCluster("2.15.2")
      : [await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`)];
  for (const server of servers) running.add(server);
  try {
    const connection = await connect({ servers: servers[0]!.url });
    const js = new JetStream(connection, { timeout: 30_000 });
    // A cluster's first stream needs its leader: not what is measured.
    await js.request("STREAM.CREATE.WARM", { name: "WARM", num_replicas: work.replicas }, "the first stream");
    for (const name of await streamNames(js)) await deleteStream(js, name);
    await connection.close();
    // What the one before has left to the disk is not for this one to wait for.
    await promisify(execFile)("sync");
    return await run(servers[0]!.url);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    for (const server of servers) running.delete(server);
  }
}

/** Of the measurement under way, for an interruption. */
const running = new Set<NatsServer>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void Promise.all([...running].map((server) => server.stop())).finally(() => process.exit(130));
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
