import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { connect } from "nats";
import type { ConnectionOptions, JetStreamManager, NatsConnection } from "nats";
import { Cluster } from "../../components/cluster";
import type { ClusterArgs } from "../../components/clusterArgs";
import { JetStream } from "../../provider/apply/jetstream";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { CertificateAuthority } from "../../provider/resources/certificateAuthority";
import { ClusterBed, outputsOf } from "../bed/clusterBed";
import { withStack } from "../bed/stack";
import { untilHeard } from "../bed/untilHeard";
import { managerOf } from "../bed/managerOf";

describe("Clusters that grow, shrink and get TLS", function () {
  this.timeout(300_000);
  const bed = new ClusterBed();
  after(() => bed.dispose());

  const program =
    (name: string, servers: number, args: Partial<ClusterArgs> = {}) =>
    async () => {
      const ca = new CertificateAuthority("ca");
      const cluster = new Cluster(name, {
        target: await bed.target(name, servers),
        jetstream: { maxFileStore: "64MiB", maxMemoryStore: "16MiB" },
        accounts: { APP: { jetstream: true, users: [{ user: "app", password: "app-password-1" }] } },
        rollout: { timeout: "90s" },
        ...args,
        ...(args.tls ? { tls: { issuer: ca } } : {}),
      });
      return { ...outputsOf(cluster), ca: ca.cert };
    };
  async function manage<Result>(
    name: string,
    work: (manager: JetStreamManager, connection: NatsConnection) => Promise<Result>,
    options: ConnectionOptions = {},
  ): Promise<Result> {
    const servers = `127.0.0.1:${bed.port(name, "client")}`;
    const connection = await connect({ servers, user: "app", pass: "app-password-1", reconnect: false, ...options });
    try {
      return await work(await managerOf(connection), connection);
    } finally {
      await connection.close();
    }
  }
  const fill = (name: string, replicas: number): Promise<void> =>
    manage(name, async (manager, connection) => {
      // As our own resources ask: an answer may be lost where leaders change.
      const js = new JetStream(connection, { timeout: 60_000 });
      await createStream(js, { name: "KEPT", subjects: ["kept.>"], num_replicas: replicas });
      for (let index = 0; index < 10; index++) await manager.jetstream().publish(`kept.${index}`, "kept", untilHeard);
    });
  const kept = (name: string, options: ConnectionOptions = {}): Promise<[messages: number, peers: number]> =>
    manage(
      name,
      async (manager) => {
        const { state, cluster } = await manager.streams.info("KEPT");
        return [state.messages, 1 + (cluster?.replicas?.length ?? 0)];
      },
      options,
    );

  it("from 3 to 5 and back to 3, with TLS added while plain clients are served, keep what a stream holds", async () => {
    await withStack(program("size", 3), async (stack) => {
      await stack.up();
      await fill("size", 3);
      const before = await bed.pids("size");

      stack.program = program("size", 5);
      const growth = await stack.preview();
      assert.match(growth.messages("size-servers").join("\n"), /size-4, size-5 will be started/);
      const grown = await stack.up();
      assert.equal((grown.outputs["urls"] as string[]).length, 5);
      const five = await bed.pids("size");
      assert.deepEqual([five["size-1"], five["size-2"], five["size-3"]], Object.values(before));
      assert.equal((await stack.preview()).step("size-servers").op, "same");

      stack.program = program("size", 3);
      const shrinking = await stack.preview();
      assert.match(shrinking.messages("size-servers").join("\n"), /size-5, size-4 will be taken out of the cluster/);
      await stack.up();
      assert.deepEqual(await bed.pids("size"), before);
      assert.deepEqual(await kept("size"), [10, 3]);

      stack.program = program("size", 3, { tls: {} });
      const secured = await stack.preview();
      const notes = secured.messages("size-servers").join("\n");
      assert.match(notes, /ordered reload, all servers at the same moment/);
      assert.match(notes, /rolling restart, one server at a time/);
      const { ca } = (await stack.up()).outputs;
      assert.deepEqual(await kept("size", { tls: { ca: ca as string } }), [10, 3]);
      assert.equal((await stack.preview()).step("size-servers").op, "same");
    });
  });

  it("from 1 to 3 refuse to lose what a lone server's JetStream holds, unless told so", async () => {
    await withStack(program("lone", 1), async (stack) => {
      await stack.up();
      await fill("lone", 1);
      stack.program = program("lone", 3);
      const refused = await stack.attempt("preview");
      assert.match(
        refused.text,
        /lone-1 runs JetStream without a cluster .*streams would not come along.*onDataLoss: "allow"/s,
      );
      assert.deepEqual(await kept("lone"), [10, 1]);

      stack.program = program("lone", 3, { onDataLoss: "allow", rollout: { timeout: "90s", allowOutage: true } });
      const allowed = await stack.preview();
      assert.match(
        allowed.messages("lone-servers").join("\n"),
        /all servers stop and start together \(lone-1, lone-2, lone-3\), clients are cut off/,
      );
      await stack.up();
      await manage("lone", async (manager) => {
        const names: string[] = [];
        for await (const stream of manager.streams.list()) names.push(stream.config.name);
        assert.deepEqual(names, []);
        // No server knows them any more; their files lie where they were.
        assert.ok(
          existsSync(path.join(bed.dir("lone"), "lone-1", "data", "jetstream", "APP", "streams", "KEPT", "msgs")),
        );
        await manager.streams.add({ name: "NEW", subjects: ["new.>"], num_replicas: 3 });
      });
    });
  });
});
