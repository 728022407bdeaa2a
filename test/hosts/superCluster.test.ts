import assert from "node:assert/strict";
import { createConnection } from "node:net";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { connect, credsAuthenticator } from "nats";
import type { NatsConnection } from "nats";
import { hosts } from "../../components/hosts";
import { SuperCluster } from "../../components/superCluster";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import type { Jsz } from "../../provider/apply/serverAnswers";
import { carries } from "../bed/carries";
import { ClusterBed } from "../bed/clusterBed";
import { hostsBed } from "../bed/hosts/hostsBed";
import type { BedHost, HostsBed } from "../bed/hosts/hostsBed";
import { repository } from "../bed/pulumiBed";
import { PublishLoad } from "../bed/publishLoad";
import { RequestLoad } from "../bed/requestLoad";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { managerOf } from "../bed/managerOf";
import { opsSsh } from "./hostsProgram";

const file = path.join(repository, "examples/supercluster-three-regions/index.ts");

/** The example as it stands, run anew by every operation; with less patience where a wait is to end without success. */
const example =
  (timeout?: string): PulumiFn =>
  async () => {
    if (timeout !== undefined) {
      pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
        type.endsWith(":Servers") ? { props: { ...(props as object), rollout: { timeout } }, opts } : undefined,
      );
    }
    delete require.cache[file];
    return require(file) as Record<string, unknown>;
  };

const regions = ["us-east", "eu-west", "ap-south"] as const;
type Region = (typeof regions)[number];

describe("SuperCluster on hosts", function () {
  this.timeout(900_000);
  let bed: HostsBed;
  let outputs: Readonly<Record<string, unknown>> = {};
  before(async function () {
    bed = await hostsBed(this, { regions: 3, hosts: 3 });
    // Round trips of 20, 50 and 80 ms.
    await bed.latency(1, 2, 10);
    await bed.latency(2, 3, 25);
    await bed.latency(1, 3, 40);
  });
  const here = new ClusterBed();
  after(async () => {
    await here.dispose();
    await bed?.down();
  });

  const addressesOf = (region: Region): string[] =>
    bed.hosts.filter((host) => host.region === regions.indexOf(region) + 1).map(({ address }) => address);

  const settings = (versions: Partial<Record<Region, string>>): string =>
    JSON.stringify(
      regions.map((name) => ({
        name,
        hosts: addressesOf(name).map((address) => ({ address })),
        version: versions[name] ?? "2.14.9",
      })),
    );

  const login = (address: string): Promise<NatsConnection> =>
    connect({
      servers: `tls://${address}:4222`,
      authenticator: credsAuthenticator(Buffer.from(outputs["creds"] as string)),
      tls: { ca: outputs["caCertificate"] as string },
      timeout: 20_000,
      reconnect: false,
    });

  it("of examples/supercluster-three-regions comes up in one go, serves in all regions, upgrades one while the others serve, and stands the loss of one in the midst of an up", async () => {
    const config = {
      regions: settings({}),
      user: "ops",
      privateKey: { value: bed.key, secret: true as const },
      knownHostsFile: bed.knownHostsFile,
    };
    await withStack(
      example(),
      async (stack) => {
        await comesUp(stack);
        await serves();
        await upgradesOneRegion(stack);
        await losesRegionInMidUp(stack);
      },
      { config },
    );
  });

  it("takes this machine for a region beside one of hosts", async () => {
    const app = { user: "app", password: "app-password-1" };
    const program = async (): Promise<Record<string, unknown>> => {
      const ca = new CertificateAuthority("ca");
      const world = new SuperCluster("world", {
        tls: { issuer: ca },
        jetstream: { maxFileStore: "64MiB", maxMemoryStore: "16MiB" },
        accounts: { APP: { jetstream: true, users: [app] } },
        rollout: { timeout: "90s" },
        regions: {
          site: { target: hosts([{ address: bed.hosts[0]!.address }], { ssh: opsSsh(bed) }) },
          home: { target: await here.target("home", 1, bed.tester) },
        },
      });
      return { ca: ca.cert, urls: world.urls };
    };
    await withStack(program, async (stack) => {
      const { outputs: made } = await stack.up();
      const urls = made["urls"] as Readonly<Record<"site" | "home", string[]>>;
      assert.deepEqual(urls.home, [`tls://${bed.tester}:${here.port("home", "client")}`]);
      const enter = (region: "site" | "home") => (): Promise<NatsConnection> =>
        connect({ servers: urls[region], user: app.user, pass: app.password, tls: { ca: made["ca"] as string } });
      await carries(enter("site"), enter("home"));
      await carries(enter("home"), enter("site"));
      for (const place of [`${bed.hosts[0]!.address}:8222`, `${bed.tester}:${here.port("home", "monitor")}`]) {
        const { meta_cluster: meta } = (await (await fetch(`http://${place}/jsz`)).json()) as Jsz;
        assert.equal(meta?.cluster_size, 2);
      }
      assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
    });
  });

  async function comesUp(stack: TestStack): Promise<void> {
    const began = Date.now();
    outputs = (await stack.up()).outputs;
    const meta = await metaGroup();
    assert.deepEqual([meta.cluster_size, meta.replicas?.filter((one) => one.current).length], [9, 8]);
    const up = Date.now();
    const unchanged = await stack.preview();
    assert.deepEqual(Object.keys(unchanged.counts), ["same"], unchanged.text);
    console.log(
      `      nine hosts up from nothing: ${((up - began) / 1000).toFixed(1)} s; unchanged preview: ${((Date.now() - up) / 1000).toFixed(1)} s`,
    );
  }

  async function serves(): Promise<void> {
    const first = (region: Region): string => addressesOf(region)[0]!;
    for (const from of regions) {
      for (const to of regions.filter((region) => region !== from)) {
        await carries(
          () => login(first(from)),
          () => login(first(to)),
        );
      }
    }
    // The account was pushed to every server of every region.
    await Promise.all(bed.hosts.map(async ({ address }) => (await login(address)).close()));
    const connection = await login(first("ap-south"));
    const { streams } = await managerOf(connection);
    const placed = async (name: string): Promise<string> => {
      const { cluster } = await streams.info(name);
      return [cluster!.leader, ...cluster!.replicas!.map((one) => one.name)].sort().join();
    };
    assert.equal(await placed("ORDERS"), "us-east-1,us-east-2,us-east-3");
    assert.equal(await placed("ORDERS-COPY"), "eu-west-1,eu-west-2,eu-west-3");
    await connection.close();
  }

  async function upgradesOneRegion(stack: TestStack): Promise<void> {
    const before = await pids();
    await addStream("ap-south");
    await addStream("eu-west");
    const load = await publishIn("us-east", "ORDERS", "orders.load");
    const beside = await publishIn("ap-south", "ap-south", "ap-south.load");
    const requests = await RequestLoad.start(
      await login(addressesOf("eu-west")[0]!),
      await login(addressesOf("ap-south")[1]!),
    );
    await stack.stack.setConfig("regions", { value: settings({ "us-east": "2.15.2" }) });
    const preview = await stack.preview();
    assert.match(
      preview.messages("world-us-east-servers").join("\n"),
      /^rolling restart, one server at a time \(.*nats-server 2\.14\.9 → 2\.15\.2/m,
    );
    assert.deepEqual({ ...preview.counts, same: 0 }, { same: 0, update: 1 }, preview.text);
    await stack.up();
    const [report, other, answers] = await Promise.all([load.stop(), beside.stop(), requests.stop()]);
    const told = `${JSON.stringify(report)}; beside it: ${JSON.stringify(other)}, ${JSON.stringify(answers)}`;
    console.log(`      one region upgraded: ${told}`);
    for (const { lost, duplicated, acknowledged } of [report, other]) {
      assert.deepEqual([lost, duplicated], [0, 0], told);
      assert.ok(acknowledged > 100, told);
    }
    assert.ok(other.longestGap < 3000, told);
    assert.deepEqual([answers.unanswered, answers.answered > 100, answers.longestGap < 3000], [0, true, true], told);
    const after = await pids();
    for (const [host, pid] of Object.entries(before)) {
      if (host.startsWith("r1")) assert.notEqual(after[host], pid, host);
      else assert.equal(after[host], pid, host);
    }
    const connection = await login(addressesOf("ap-south")[0]!);
    const { streams } = await managerOf(connection);
    const origin = (await streams.info("ORDERS")).state.last_seq;
    const deadline = Date.now() + 120_000;
    for (;;) {
      const { last_seq: copied } = (await streams.info("ORDERS-COPY")).state;
      if (copied === origin) break;
      assert.ok(Date.now() < deadline, `the mirror has ${copied} of ${origin}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await connection.close();
  }

  async function losesRegionInMidUp(stack: TestStack): Promise<void> {
    const before = await pids();
    const lost = bed.hosts.filter(({ region }) => region === 3);
    const rolled = bed.hosts.filter(({ region }) => region === 2);
    const kept = await storedIn("ap-south");
    const loads = [
      await publishIn("us-east", "ORDERS", "orders.load"),
      await publishIn("eu-west", "eu-west", "eu-west.load"),
    ];
    await stack.stack.setConfig("regions", { value: settings({ "us-east": "2.15.2", "eu-west": "2.15.2" }) });
    stack.program = example("15s");
    const [stopped] = await Promise.all([stack.attempt("up"), unplugBehindTheFirst(rolled, lost)]);
    const reports = await Promise.all(loads.map((load) => load.stop()));
    console.log(`      a region lost in the midst of an up: ${JSON.stringify(reports)}`);
    for (const report of reports) assert.deepEqual([report.lost, report.duplicated], [0, 0], JSON.stringify(report));

    assert.match(
      stopped.text,
      /the rollout of cluster eu-west stopped: eu-west-\d did not become healthy: not within 15 s; last seen: eu-west-\d has no gateway to ap-south/,
    );
    assert.equal(stopped.steps.find((step) => step.name === "world-ap-south-servers")?.op, undefined);
    // What is said of each server is what it runs.
    const versions = await Promise.all(rolled.map(({ address }) => versionOf(address)));
    for (const [index, version] of versions.entries()) {
      const says = version === "2.15.2" ? "runs the new configuration" : "kept the old configuration";
      assert.match(stopped.text, new RegExp(`^\\W*eu-west-${index + 1}: ${says}`, "m"));
    }
    assert.deepEqual([...new Set(versions)].sort(), ["2.14.9", "2.15.2"]);
    const then = await pids();
    for (const { name, region } of bed.hosts) if (region !== 2) assert.equal(then[name], before[name], name);

    const refused = await stack.attempt("preview");
    assert.match(refused.error ?? "", /failed/);
    assert.match(refused.text, /world-ap-south-servers.*ap-south-1.*10\.\d+\.3\.11/);
    assert.deepEqual(await pids(), then);

    await bed.heal();
    stack.program = example();
    await stack.up();
    for (const { address, name } of rolled) assert.equal(await versionOf(address), "2.15.2", name);
    const meta = await metaGroup();
    assert.deepEqual([meta.cluster_size, meta.replicas?.filter((one) => one.current).length], [9, 8]);
    assert.equal(await storedIn("ap-south"), kept);
    const [lostOne, keptOne] = [addressesOf("ap-south")[0]!, addressesOf("eu-west")[1]!];
    await carries(
      () => login(keptOne),
      () => login(lostOne),
    );
    await carries(
      () => login(lostOne),
      () => login(keptOne),
    );
    assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
  }

  /** Once one server is new and the next one takes no clients any more, on its way down. */
  async function unplugBehindTheFirst(rolled: readonly BedHost[], lost: readonly BedHost[]): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const versions = await Promise.all(rolled.map(({ address }) => versionOf(address).catch(() => "")));
      const others = rolled.filter((_host, index) => versions[index] !== "2.15.2");
      const open = await Promise.all(others.map(({ address }) => takesClients(address)));
      if (others.length < rolled.length && open.includes(false)) break;
      assert.ok(Date.now() < deadline, `no second server of eu-west was restarted: ${versions.join()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(lost.map(({ name }) => bed.unplug(name)));
  }

  /** A stream named as its region, on three servers of it. */
  async function addStream(region: Region): Promise<void> {
    const connection = await login(addressesOf(region)[0]!);
    const { streams } = await managerOf(connection);
    const placement = { cluster: region, tags: [] };
    await streams.add({ name: region, subjects: [`${region}.>`], num_replicas: 3, placement });
    await connection.close();
  }

  async function storedIn(region: Region): Promise<number> {
    const connection = await login(addressesOf(region)[0]!);
    const { streams } = await managerOf(connection);
    const { messages } = (await streams.info(region)).state;
    await connection.close();
    return messages;
  }

  function publishIn(region: Region, stream: string, subject: string): Promise<PublishLoad> {
    return PublishLoad.start({
      servers: addressesOf(region).map((address) => `tls://${address}:4222`),
      creds: outputs["creds"] as string,
      ca: outputs["caCertificate"] as string,
      stream,
      subject,
      pause: 20,
    });
  }

  async function versionOf(address: string): Promise<string> {
    return ((await (await fetch(`http://${address}:8222/varz`)).json()) as { version: string }).version;
  }

  async function pids(): Promise<Record<string, string>> {
    const found = await Promise.all(
      bed.hosts.map(async ({ name, region }): Promise<[string, string]> => {
        const unit = `nats-${regions[region - 1]}-${name.slice(-1)}`;
        const host = await bed.run(name, `systemctl show -p MainPID --value ${unit}`);
        return [name, host.trim()];
      }),
    );
    return Object.fromEntries(found);
  }

  async function metaGroup(): Promise<NonNullable<Jsz["meta_cluster"]>> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      for (const { address, name, region } of bed.hosts) {
        const { meta_cluster: meta } = (await (await fetch(`http://${address}:8222/jsz`)).json()) as Jsz;
        if (meta?.leader === `${regions[region - 1]}-${name.slice(-1)}` && meta.replicas?.every((one) => one.current)) {
          return meta;
        }
      }
      assert.ok(Date.now() < deadline, "no leader of the meta group whose replicas are all current");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
});

function takesClients(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: 4222 });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
