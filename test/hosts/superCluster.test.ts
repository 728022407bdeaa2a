import assert from "node:assert/strict";
import path from "node:path";
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
import type { HostsBed } from "../bed/hosts/hostsBed";
import { repository } from "../bed/pulumiBed";
import { PublishLoad } from "../bed/publishLoad";
import { withStack } from "../bed/stack";
import type { TestStack } from "../bed/stack";
import { managerOf } from "../bed/managerOf";
import { opsSsh } from "./hostsProgram";

const file = path.join(repository, "examples/supercluster-three-regions/index.ts");

/** The example as it stands, run anew by every operation. */
const example: PulumiFn = async () => {
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

  it("of examples/supercluster-three-regions comes up in one go, serves in all regions, upgrades one under load, and names one that can't be reached", async () => {
    const config = {
      regions: settings({}),
      user: "ops",
      privateKey: { value: bed.key, secret: true as const },
      knownHostsFile: bed.knownHostsFile,
    };
    await withStack(
      example,
      async (stack) => {
        await comesUp(stack);
        await serves();
        await upgradesOneRegion(stack);
        await namesUnreachable(stack);
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
    const load = await PublishLoad.start({
      servers: addressesOf("us-east").map((address) => `tls://${address}:4222`),
      creds: outputs["creds"] as string,
      ca: outputs["caCertificate"] as string,
      stream: "ORDERS",
      subject: "orders.load",
      pause: 20,
    });
    await stack.stack.setConfig("regions", { value: settings({ "us-east": "2.15.2" }) });
    const preview = await stack.preview();
    assert.match(
      preview.messages("world-us-east-servers").join("\n"),
      /^rolling restart, one server at a time \(.*nats-server 2\.14\.9 → 2\.15\.2/m,
    );
    assert.deepEqual({ ...preview.counts, same: 0 }, { same: 0, update: 1 }, preview.text);
    await stack.up();
    const report = await load.stop();
    console.log(`      one region upgraded: ${JSON.stringify(report)}`);
    assert.equal(report.lost, 0);
    assert.ok(report.acknowledged > 100, JSON.stringify(report));
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

  async function namesUnreachable(stack: TestStack): Promise<void> {
    const before = await pids();
    for (const { name } of bed.hosts.filter((host) => host.region === 3)) await bed.unplug(name);
    await stack.stack.setConfig("regions", { value: settings({ "us-east": "2.15.2", "eu-west": "2.15.2" }) });
    const refused = await stack.attempt("preview");
    assert.match(refused.error ?? "", /failed/);
    assert.match(refused.text, /world-ap-south-servers.*ap-south-1.*10\.\d+\.3\.11/);
    const after = await pids();
    for (const [host, pid] of Object.entries(before)) if (!host.startsWith("r3")) assert.equal(after[host], pid, host);
    await bed.heal();
    await stack.stack.setConfig("regions", { value: settings({ "us-east": "2.15.2" }) });
    await stack.up();
    const meta = await metaGroup();
    assert.deepEqual([meta.cluster_size, meta.replicas?.filter((one) => one.current).length], [9, 8]);
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
