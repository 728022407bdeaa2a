/**
 * The quickstart, end to end, with the real pulumi and real servers: up, use, three previews, two changes under load, down.
 * `npm run demo [-- --keep]`; the last line is `demo: A acknowledged, L lost, D duplicated, longest gap G ms`.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { pulumiEnvironment } from "../../provider/tools/pulumiTools";
import { freePortRange } from "../bed/freePorts";
import { PublishLoad } from "../bed/publishLoad";
import type { LoadReport } from "../bed/publishLoad";
import { untilHeard } from "../bed/untilHeard";
import { PulumiCli } from "./pulumiCli";

interface Context {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly ca: string;
}

const root = path.resolve(__dirname, "../..");
const keep = process.argv.includes("--keep");
const started = Date.now();

async function demo(): Promise<LoadReport> {
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-demo-"));
  const pulumi = await newStack(dir);
  let report: LoadReport | undefined;
  try {
    step("pulumi up: three servers with TLS, accounts, users and a stream on three replicas");
    await pulumi.must(["up", "--yes", "--skip-preview"], true);
    const outputs = JSON.parse(await pulumi.must(["stack", "output", "--json", "--show-secrets"])) as Record<
      string,
      string
    >;
    const orders = JSON.parse(outputs["ordersContext"]!) as Context;
    const billing = JSON.parse(outputs["billingContext"]!) as Context;

    step("orders publishes with its own credentials, billing receives what its account imports");
    await publishAndReceive(orders, billing);

    step("what would happen: maxPayload 8MiB");
    await previewSays(pulumi, "maxPayload", "8MiB", /hot reload/i);
    step("what would happen: maxSubscriptions 10000");
    await previewSays(pulumi, "maxSubscriptions", "10000", /rolling restart/i);
    step("what would happen: the stream keeps only its 10 newest messages");
    await previewRefuses(pulumi, "maxMsgs", "10", /delete/i);

    const load = await PublishLoad.start({
      servers: orders.url.split(","),
      user: orders.user,
      password: orders.password,
      ca: readFileSync(orders.ca, "utf8"),
      stream: "ORDERS",
      subject: "orders.new",
    });
    step("pulumi up under load: maxPayload 8MiB, by hot reload");
    await apply(pulumi, "maxPayload", "8MiB");
    step("pulumi up under load: maxSubscriptions 10000, one server at a time");
    await apply(pulumi, "maxSubscriptions", "10000");
    report = await load.stop();
  } finally {
    if (!keep) await takeDown(pulumi, dir);
  }
  if (keep)
    console.log(`\nIt stays up. The state is in ${dir}; set PULUMI_BACKEND_URL=file://${dir}/state to work with it.`);
  return report;
}

async function newStack(dir: string): Promise<PulumiCli> {
  mkdirSync(path.join(dir, "state"));
  const env = {
    ...process.env,
    ...(await pulumiEnvironment()),
    PULUMI_BACKEND_URL: `file://${dir}/state`,
    PULUMI_CONFIG_PASSPHRASE: process.env["PULUMI_CONFIG_PASSPHRASE"] ?? "demo",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
  const pulumi = new PulumiCli(root, env);
  const config = ["--config-file", path.join(dir, "Pulumi.demo.yaml")];
  const cli = new PulumiCli(root, env);
  // Every command of the demo works on one stack whose settings stay out of the checkout.
  const plain = cli.run.bind(cli);
  cli.run = (args, show) => plain(withStack(args, config), show);
  const written = path.join(root, "Pulumi.demo.yaml");
  rmSync(written, { force: true });
  await pulumi.must(["stack", "init", "demo", "--no-select"]);
  if (existsSync(written)) renameSync(written, config[1]!);
  const [client, cluster, monitor] = [await freePortRange(3), await freePortRange(3), await freePortRange(3)];
  const settings = { port: client, clusterPort: cluster, monitorPort: monitor, dir: path.join(dir, "servers") };
  for (const [key, value] of Object.entries(settings)) await cli.must(["config", "set", key, String(value)]);
  return cli;
}

function withStack(args: readonly string[], config: readonly string[]): readonly string[] {
  const takesConfig = ["up", "preview", "config", "destroy"].includes(args[0]!);
  return [...args, "--stack", "demo", ...(takesConfig ? config : [])];
}

async function publishAndReceive(orders: Context, billing: Context): Promise<void> {
  const [sender, receiver] = await Promise.all([connectAs(orders), connectAs(billing)]);
  try {
    const received = receiver.subscribe("orders.shipped", { max: 1, timeout: 30_000 });
    await receiver.flush();
    const stream = sender.jetstream();
    for (let n = 1; n <= 20; n++) await stream.publish("orders.new", `order ${n}`, untilHeard);
    // Servers tell each other of a subscription in their own time. Under one id it is stored once, however often it is sent.
    const sent: Promise<unknown>[] = [];
    const ship = (): void =>
      void sent.push(stream.publish("orders.shipped", "order 1", { msgID: "shipped" }).catch(() => undefined));
    ship();
    const again = setInterval(ship, 100);
    try {
      for await (const message of received)
        console.log(`    billing received "${message.string()}" on ${message.subject}`);
    } finally {
      clearInterval(again);
    }
    // All that were sent must have been answered before anybody counts.
    await Promise.all(sent);
  } finally {
    await Promise.all([sender.close(), receiver.close()]);
  }
}

function connectAs(context: Context): Promise<NatsConnection> {
  return connect({
    servers: context.url.split(","),
    user: context.user,
    pass: context.password,
    tls: { caFile: context.ca },
  });
}

async function previewSays(pulumi: PulumiCli, key: string, value: string, wanted: RegExp): Promise<void> {
  await pulumi.must(["config", "set", key, value]);
  const text = await pulumi.must(["preview", "--diff"], true);
  await pulumi.must(["config", "rm", key]);
  if (!wanted.test(text)) throw new Error(`the preview of ${key} = ${value} does not say ${String(wanted)}`);
}

async function previewRefuses(pulumi: PulumiCli, key: string, value: string, wanted: RegExp): Promise<void> {
  await pulumi.must(["config", "set", key, value]);
  const { code, text } = await pulumi.run(["preview"], true);
  await pulumi.must(["config", "rm", key]);
  if (code === 0 || !wanted.test(text))
    throw new Error(`the preview of ${key} = ${value} is not refused with ${String(wanted)}`);
}

async function apply(pulumi: PulumiCli, key: string, value: string): Promise<void> {
  await pulumi.must(["config", "set", key, value]);
  await pulumi.must(["up", "--yes", "--skip-preview"], true);
}

async function takeDown(pulumi: PulumiCli, dir: string): Promise<void> {
  step("pulumi destroy");
  await pulumi.must(["destroy", "--yes", "--skip-preview"], true);
  rmSync(dir, { recursive: true, force: true });
}

function step(title: string): void {
  console.log(`\n== ${((Date.now() - started) / 1000).toFixed(1)} s: ${title}`);
}

demo().then(
  (report) => {
    console.log(
      `demo: ${report.acknowledged} acknowledged, ${report.lost} lost, ${report.duplicated} duplicated, longest gap ${report.longestGap} ms`,
    );
    process.exit(report.lost === 0 ? 0 : 1);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
