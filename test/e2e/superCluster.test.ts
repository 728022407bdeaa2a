import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { connect as connectTls } from "node:tls";
import { connect } from "nats";
import type { JetStreamManager, NatsConnection } from "nats";
import { SuperCluster } from "../../components/superCluster";
import type { GatewayRecord, RegionArgs, SuperClusterArgs } from "../../components/superClusterArgs";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { Provider } from "../../provider/resources/provider";
import { Stream } from "../../provider/resources/stream";
import { waitFor } from "../../provider/apply/wait";
import { ClusterBed } from "../bed/clusterBed";
import { carries } from "../bed/carries";
import { untilMetaGroup } from "../bed/metaGroup";
import { NatsServer } from "../bed/natsServer";
import { PublishLoad } from "../bed/publishLoad";
import { withStack } from "../bed/stack";
import { managerOf } from "../bed/managerOf";

interface Gatewayz {
  readonly inbound_gateways?: object;
  readonly outbound_gateways?: object;
}

interface Varz {
  readonly gateway: { readonly tls_required?: boolean; readonly tls_verify?: boolean };
}

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
      const login = { ...app, tls: { ca: authority.cert } };
      const provider = new Provider("app", { servers: world.region("us-east").urls, through: world, ...login });
      const placed = { replicas: 3, placement: { cluster: "eu-west" } };
      new Stream("EU", { subjects: ["eu.>"], ...placed }, { provider, deletedWith: world.region("us-east").servers });
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

  const monitored = async <Answer>(url: string, what: string): Promise<Answer> =>
    (await (await fetch(`${url}/${what}`)).json()) as Answer;
  const linksOf = async (region: string, index = 0): Promise<{ in: string[]; out: string[] }> => {
    const url = `http://127.0.0.1:${bed.port(region, "monitor", index)}`;
    const { inbound_gateways, outbound_gateways } = await monitored<Gatewayz>(url, "gatewayz");
    return { in: Object.keys(inbound_gateways ?? {}), out: Object.keys(outbound_gateways ?? {}) };
  };

  /** Servers that somebody makes by hand, of which each lacks one thing that gateways must have. */
  async function keepsStrangersOut({ user, password }: GatewayRecord): Promise<void> {
    const files = path.join(bed.dir("eu-west"), "eu-west-1", "current/tls");
    for (const region of ["us-east", "eu-west"]) {
      for (const index of [0, 1, 2]) {
        const { gateway } = await monitored<Varz>(`http://127.0.0.1:${bed.port(region, "monitor", index)}`, "varz");
        assert.deepEqual([gateway.tls_required, gateway.tls_verify], [true, true]);
        const { auth_required, tls_required } = await gatewayInfo(bed.port(region, "gateway", index), files);
        assert.deepEqual([auth_required, tls_required], [true, true]);
      }
    }
    const port = bed.port("us-east", "gateway");
    const dials = (name: string, login: string, certificate: string): Promise<NatsServer> =>
      NatsServer.start(`
server_name: ${name}
listen: "127.0.0.1:-1"
http: "127.0.0.1:-1"
gateway {
  name: ${name}, listen: "127.0.0.1:-1"
  gateways: [{ name: us-east, url: "tls://${login}@127.0.0.1:${port}", tls { ca_file: "${files}/ca.pem", ${certificate} } }]
}`);
    const both = `cert_file: "${files}/server.pem", key_file: "${files}/server.key"`;
    const strangers = await Promise.all([
      dials("wrong-password", `${user}:wrong-password-1`, both),
      dials("no-certificate", `${user}:${password}`, ""),
    ]);
    try {
      const [guessing, bare] = strangers;
      const says = (text: () => string, words: RegExp) =>
        waitFor(String(words), { timeout: 60_000 }, async () =>
          words.test(text()) ? { value: true as const } : { pending: text().slice(-1000) },
        );
      const regionLog = (): string => readFileSync(path.join(bed.dir("us-east"), "us-east-1", "server.log"), "utf8");
      await says(() => guessing.log, /Authorization Violation/);
      await says(regionLog, /gid:\d+ - authentication error/);
      // The client's side of TLS 1.3 sees no more than an end.
      await says(() => bare.log, /Gateway connection closed/);
      await says(regionLog, /TLS gateway handshake error: tls: client didn't provide a certificate/);
      for (const server of strangers) {
        const { outbound_gateways, inbound_gateways } = await monitored<Gatewayz>(
          server.ports.monitoring![0]!,
          "gatewayz",
        );
        assert.deepEqual([outbound_gateways ?? {}, inbound_gateways ?? {}], [{}, {}]);
      }
      // The other region's servers choose which of these they dial.
      const links = await linksOf("us-east");
      assert.deepEqual(links.out, ["eu-west"]);
      assert.deepEqual(
        links.in.filter((name) => name !== "eu-west"),
        [],
      );
    } finally {
      await Promise.all(strangers.map((server) => server.stop()));
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
      await keepsStrangersOut(up.outputs["gateway"] as GatewayRecord);

      await withManager("us-east", async ({ streams }) => {
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
        PublishLoad.start({ servers: urls(region), ...app, ca, stream, subject, publishers: 4 });
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

/** What a gateway says first to whoever has come through its TLS. */
function gatewayInfo(port: number, files: string): Promise<{ auth_required?: boolean; tls_required?: boolean }> {
  const [ca, cert, key] = ["ca.pem", "server.pem", "server.key"].map((name) => readFileSync(path.join(files, name)));
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port, ca: ca!, cert: cert!, key: key!, timeout: 20_000 });
    let said = "";
    socket.on("data", (part: Buffer) => {
      said += part.toString();
      const [, info] = /^INFO (.*)\r\n/.exec(said) ?? [];
      if (info === undefined) return;
      resolve(JSON.parse(info) as object);
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error(`gateway on port ${port} says nothing`)));
    socket.once("error", reject);
  });
}
