import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { SuperCluster } from "../../components/superCluster";
import { hosts } from "../../components/hosts";
import type { RegionArgs, SuperClusterArgs } from "../../components/superClusterArgs";
import { Cluster } from "../../components/cluster";
import type { Target } from "../../components/target";
import { stopServer } from "../../provider/apply/rollout/stopServer";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { ClusterBed, outputsOf } from "../bed/clusterBed";
import { freePorts } from "../bed/freePorts";
import { untilMetaGroup } from "../bed/metaGroup";
import { withStack } from "../bed/stack";

const app = { user: "app", password: "app-password-1" };

describe("Regions of a SuperCluster", function () {
  this.timeout(480_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());

  const shared = {
    jetstream: { maxFileStore: "64MiB", maxMemoryStore: "16MiB" },
    accounts: { APP: { jetstream: true, users: [app] } },
    rollout: { timeout: "60s" },
  } as const;

  const program =
    (
      sizes: Readonly<Record<string, number>>,
      args: Partial<SuperClusterArgs> = {},
      own: Partial<RegionArgs> = {},
      targets: Readonly<Record<string, Target>> = {},
    ) =>
    async () => {
      const regions: Record<string, RegionArgs> = {};
      for (const [name, servers] of Object.entries(sizes))
        regions[name] = { target: targets[name] ?? (await bed.target(name, servers)), ...own };
      const world = new SuperCluster("world", { ...shared, ...args, regions });
      return { urls: world.urls };
    };

  it("of one server each start from nothing, and from servers that are all dead", async () => {
    const sizes = { one: 1, two: 1, three: 1 };
    await withStack(program(sizes), async (stack) => {
      await stack.up();
      await untilMetaGroup(bed, 3);
      const pids = await bed.pids("two");
      for (const name of Object.keys(sizes)) await stopServer(bed.machine(name), `${name}-1`);
      const preview = await stack.preview();
      for (const name of Object.keys(sizes)) {
        assert.match(
          preview.messages(`world-${name}-servers`).join("\n"),
          new RegExp(`^${name}-1 is stopped: will be started$`, "m"),
        );
      }
      await stack.up();
      await untilMetaGroup(bed, 3);
      assert.notDeepEqual(await bed.pids("two"), pids);

      // Two of three dead: a restart of the last one must not be tried.
      const alive = await bed.pids("one");
      for (const name of ["two", "three"]) await stopServer(bed.machine(name), `${name}-1`);
      stack.program = program(sizes, { rollout: { timeout: "15s" } }, { config: { maxSubscriptions: 10_000 } });
      const refused = await stack.attempt("up");
      assert.match(
        refused.text,
        /without one-1 JetStream's meta group would have 0 of 3 servers, and 2 are needed \(three-1, two-1 do not answer\)/,
      );
      assert.deepEqual(await bed.pids("one"), alive);
      stack.program = program(sizes);
      await stack.up();
      stack.program = program(sizes, {}, { config: { maxSubscriptions: 10_000 } });
      await stack.up();
      await untilMetaGroup(bed, 3);
    });
  });

  it("may be one server at first, which goes on serving when the second region comes", async () => {
    await withStack(program({ one: 1 }), async (stack) => {
      const first = await stack.up();
      assert.match(
        first.text,
        /regions\.one: one server is all of JetStream, which elects no leader before there is a second one/,
      );
      const alone = await bed.pids("one");
      stack.program = program({ one: 1, two: 1 });
      await stack.up();
      assert.deepEqual(await bed.pids("one"), alone);
      // The first server has made room for more than came.
      await untilMetaGroup(bed, { current: 2 });
      assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
    });
  });

  it("that can't be reached are named, and what there is goes on", async () => {
    const join = { clusters: { gone: ["nats://127.0.0.1:9"] }, user: "gateway", password: "gateway-password-1" };
    await withStack(program({ lonely: 1 }, { join, rollout: { timeout: "15s" } }), async (stack) => {
      const failed = await stack.attempt("up");
      assert.match(
        failed.text,
        /the rollout of cluster lonely stopped: lonely-1 did not become healthy: not within 15 s; last seen: lonely-1 has no gateway to gone/,
      );
      assert.equal(
        failed.steps.find((step) => step.name === "world-links"),
        undefined,
      );
    });
  });

  it("are told apart before any of them is touched", async () => {
    const clash = async (): Promise<Record<string, unknown>> => {
      const [target, other] = [await bed.target("first", 1), await bed.target("second", 1)];
      const ca = new CertificateAuthority("ca");
      new SuperCluster("world", {
        ...shared,
        tls: { issuer: ca },
        regions: {
          first: { target },
          again: { target },
          second: { target: other, name: "first", jetstream: { domain: "second" } },
        },
      });
      return {};
    };
    await withStack(clash, async (stack) => {
      const { text } = await stack.attempt("preview");
      const port = bed.port("first", "client");
      assert.match(
        text,
        new RegExp(
          `regions\\.again\\.target\\.ports\\.client: again-1 would listen on 127\\.0\\.0\\.1:${port}, the client listener of first-1 in region first\\. Fix: ports: \\{ client: ${port + 100} \\}`,
        ),
      );
      assert.match(
        text,
        /regions\.second\.name: region first has the gateway name "first" already, and gateways tell clusters apart by it\. Fix: name: "first-2"/,
      );
      assert.match(text, /regions\.second\.jetstream\.domain: JetStream domain "second" beside none of first: /);
      assert.deepEqual(await bed.pids("first"), {});
    });
  });

  it("of authorities that know nothing of each other start no server, though the authorities come by the same up", async () => {
    const apart = async (): Promise<Record<string, unknown>> => {
      const [ca, strange] = [new CertificateAuthority("ca"), new CertificateAuthority("strange")];
      new SuperCluster("world", {
        ...shared,
        tls: { issuer: ca },
        regions: {
          known: { target: await bed.target("known", 1) },
          strange: { target: await bed.target("strange", 1), tls: { issuer: strange } },
        },
      });
      return {};
    };
    await withStack(apart, async (stack) => {
      // Before there are certificates nothing can be said of them.
      await stack.preview();
      const reason =
        /regions\.strange\.tls: the regions known and strange trust no certificate authority in common\. Fix: the same issuer for all regions, or a `ca` with the authorities of all of them/;
      const refused = await stack.attempt("up");
      assert.match(refused.text, reason);
      for (const region of ["known", "strange"]) {
        assert.deepEqual(await bed.pids(region), {});
        assert.equal(existsSync(bed.dir(region)), false);
      }
      assert.match((await stack.attempt("preview")).text, reason);
    });
  });

  it("may grow out of a cluster that runs, which serves with or without the second one", async () => {
    const alone = async (): Promise<Record<string, unknown>> =>
      outputsOf(new Cluster("home", { ...shared, target: await bed.target("home", 3) }));
    await withStack(alone, async (stack) => {
      await stack.up();
      stack.program = program({ home: 3, away: 1 });
      const preview = await stack.preview();
      assert.equal(preview.step("world-home-servers").op, "update");
      assert.match(
        preview.messages("world-home-servers").join("\n"),
        /^rolling restart, one server at a time \(.*\): gateway \(none\) → /m,
      );

      const [port = 0] = await freePorts(1);
      const ssh = { user: "ops", password: "ops-password-1", port, bootTimeout: "0s" };
      const away = hosts([{ address: "127.0.0.1" }], { ssh });
      stack.program = program({ home: 3, away: 1 }, {}, {}, { away });
      const refused = await stack.attempt("up");
      assert.notEqual(refused.error, undefined);
      assert.match(
        refused.text,
        new RegExp(`away-1: ssh ops@127\\.0\\.0\\.1:${port}: connection refused: nothing listens on port ${port}`),
      );
      // What comes before it is done, and what comes after it is not begun.
      assert.equal(refused.step("world-home-servers").op, "update");
      await untilMetaGroup(bed, 3);
      assert.equal(
        refused.steps.find((step) => step.name === "world-links"),
        undefined,
      );

      const home = await bed.pids("home");
      stack.program = program({ home: 3, away: 1 });
      const up = await stack.up();
      assert.equal(up.step("world-home-servers").op, "same");
      assert.deepEqual(await bed.pids("home"), home);
      await untilMetaGroup(bed, 4);
      assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
    });
  });
});
