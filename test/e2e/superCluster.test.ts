import assert from "node:assert/strict";
import { connect } from "nats";
import type { JetStreamManager, NatsConnection } from "nats";
import { SuperCluster } from "../../components/superCluster";
import type { RegionArgs, SuperClusterArgs } from "../../components/superClusterArgs";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { waitFor } from "../../provider/apply/wait";
import { ClusterBed } from "../bed/clusterBed";
import { carries } from "../bed/carries";
import { untilMetaGroup } from "../bed/metaGroup";
import { PublishLoad } from "../bed/publishLoad";
import { withStack } from "../bed/stack";
import { managerOf } from "../bed/managerOf";

const app = { user: "app", password: "app-password-1" };

describe("SuperCluster on this machine", function () {
  this.timeout(480_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());
  let ca = "";

  const program =
    (sizes: Readonly<Record<string, number>>, own: Readonly<Record<string, Partial<RegionArgs>>> = {}) =>
    async () => {
      const authority = new CertificateAuthority("ca");
      const targets = await Promise.all(Object.entries(sizes).map(([name, servers]) => bed.target(name, servers)));
      const regions = Object.fromEntries(
        Object.keys(sizes).map((name, index) => [name, { target: targets[index]!, ...own[name] }]),
      );
      const args: SuperClusterArgs = {
        tls: { issuer: authority },
        jetstream: { maxFileStore: "64MiB", maxMemoryStore: "16MiB" },
        accounts: { APP: { jetstream: true, users: [app] } },
        rollout: { timeout: "90s" },
        regions,
      };
      const world = new SuperCluster("world", args);
      return { ca: authority.cert, urls: world.urls, gateway: world.gateway };
    };

  const login = (region: string): Promise<NatsConnection> =>
    connect({
      servers: `127.0.0.1:${bed.port(region, "client")}`,
      user: app.user,
      pass: app.password,
      tls: { ca },
      reconnect: false,
    });

  async function withManager<Result>(
    region: string,
    work: (manager: JetStreamManager) => Promise<Result>,
  ): Promise<Result> {
    const connection = await login(region);
    try {
      return await work(await managerOf(connection));
    } finally {
      await connection.close();
    }
  }

  it("comes up in one go, is one NATS, and changes region by region without losing a message", async () => {
    const two = { "us-east": 3, "eu-west": 3 };
    await withStack(program(two), async (stack) => {
      const first = await stack.preview();
      assert.equal(first.step("world-us-east-servers").op, "create");
      const up = await stack.up();
      ca = up.outputs["ca"] as string;
      assert.deepEqual(Object.keys(up.outputs["urls"] as object), ["eu-west", "us-east"]);
      await untilMetaGroup(bed, 6);
      const unchanged = await stack.preview();
      assert.deepEqual(Object.keys(unchanged.counts), ["same"]);
      for (const [from, to] of [
        ["us-east", "eu-west"],
        ["eu-west", "us-east"],
      ] as const) {
        await carries(
          () => login(from),
          () => login(to),
        );
      }
      assert.doesNotMatch(stack.state(), /gateway:[A-Za-z0-9]{32}@/);

      await withManager("us-east", async ({ streams }) => {
        await streams.add({
          name: "EU",
          subjects: ["eu.>"],
          num_replicas: 3,
          placement: { cluster: "eu-west", tags: [] },
        });
        await streams.add({
          name: "US",
          subjects: ["us.>"],
          num_replicas: 3,
          placement: { cluster: "us-east", tags: [] },
        });
        const mirror = { name: "EU" };
        await streams.add({ name: "EU-COPY", mirror, num_replicas: 3, placement: { cluster: "us-east", tags: [] } });
        const { cluster } = await streams.info("EU");
        assert.match(
          [cluster!.leader, ...cluster!.replicas!.map((one) => one.name)].sort().join(),
          /^eu-west-1,eu-west-2,eu-west-3$/,
        );
      });

      const before = { ...(await bed.pids("us-east")) };
      const urls = (region: string): string[] =>
        [0, 1, 2].map((index) => `127.0.0.1:${bed.port(region, "client", index)}`);
      const load = (region: string, stream: string, subject: string): Promise<PublishLoad> =>
        PublishLoad.start({ servers: urls(region), ...app, ca, stream, subject, pause: 5, publishers: 4 });
      stack.program = program(two, { "eu-west": { config: { maxSubscriptions: 10_000 } } });
      const roll = await stack.preview();
      assert.match(roll.messages("world-eu-west-servers").join("\n"), /^rolling restart, one server at a time \(/m);
      assert.equal(roll.step("world-us-east-servers").op, "same");
      const loads = await Promise.all([load("eu-west", "EU", "eu.load"), load("us-east", "US", "us.load")]);
      await stack.up();
      const reports = await Promise.all(loads.map((one) => one.stop()));
      for (const { lost, acknowledged } of reports) {
        assert.ok(acknowledged > 100, `${acknowledged} acknowledged`);
        assert.equal(lost, 0);
      }
      assert.deepEqual(await bed.pids("us-east"), before);
      await withManager("us-east", async ({ streams }) => {
        await waitFor("a copy across regions", { timeout: 120_000 }, async () => {
          const { messages } = (await streams.info("EU-COPY")).state;
          return messages > 0 ? { value: messages } : { pending: "nothing yet" };
        });
        const { state: copy } = await streams.info("EU-COPY");
        assert.ok((await streams.info("EU")).state.messages >= copy.messages);
      });

      const all = { ...two, "ap-south": 1 };
      const running = { ...(await bed.pids("us-east")), ...(await bed.pids("eu-west")) };
      stack.program = program(all, { "eu-west": { config: { maxSubscriptions: 10_000 } } });
      const adding = await stack.preview();
      assert.equal(adding.step("world-ap-south-servers").op, "create");
      for (const region of ["us-east", "eu-west"]) assert.equal(adding.step(`world-${region}-servers`).op, "same");
      await stack.up();
      await untilMetaGroup(bed, 7);
      assert.deepEqual({ ...(await bed.pids("us-east")), ...(await bed.pids("eu-west")) }, running);
      for (const region of ["us-east", "eu-west"]) {
        await carries(
          () => login("ap-south"),
          () => login(region),
        );
        await carries(
          () => login(region),
          () => login("ap-south"),
        );
      }

      await withManager("ap-south", ({ streams }) =>
        streams.add({ name: "AP", subjects: ["ap.>"], placement: { cluster: "ap-south", tags: [] } }),
      );
      stack.program = program(two, { "eu-west": { config: { maxSubscriptions: 10_000 } } });
      const refused = await stack.attempt("preview");
      assert.match(refused.text, /region ap-south can't leave: streams live there: AP of account APP\. Fix: placement/);
      await withManager("us-east", ({ streams }) => streams.delete("AP"));
      const leaving = await stack.preview();
      assert.match(
        leaving.messages("world-links").join("\n"),
        /^region ap-south leaves: ap-south-1 will be taken out of JetStream's meta group, then stopped$/m,
      );
      await stack.up();
      await untilMetaGroup(bed, 6);
      assert.deepEqual(await bed.pids("ap-south"), {});
      assert.deepEqual(Object.keys((await stack.preview()).counts), ["same"]);
    });
  });
});
