import assert from "node:assert/strict";
import { connect } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { sleep } from "../../provider/apply/wait";
import type { StreamInputs } from "../../provider/model/stream";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { contextOf } from "./suite";

const accounts = `accounts {
  A { jetstream { max_store: 10M, max_mem: 1M, max_streams: 2, max_consumers: 2 }, users [{ user: a, password: a }] }
}`;

for (const version of [serverVersions[0], serverVersions.at(-1)!]) {
  describe(`What an account has left, nats-server ${version}`, function () {
    this.timeout(180_000);
    let server: NatsServer;
    const here = () =>
      contextOf(
        new Map([
          ["servers", server.url],
          ["user", "a"],
          ["password", "a"],
        ]),
        undefined,
      ).context;
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }\n${accounts}`, version);
      await streamHandler.create(here(), { name: "ORDERS", subjects: ["orders.>"], maxBytes: "6MiB" });
    });
    after(async () => {
      await closeConnections();
      await server.stop();
    });
    const fresh = (maxBytes: string): StreamInputs => ({ name: "PAYMENTS", subjects: ["payments.>"], maxBytes });

    it("is said in a preview that wants more, as the server then says it", async () => {
      const { problems } = await streamHandler.check(here(), undefined, fresh("4MiB"));
      assert.deepEqual(
        problems.map(({ path, reason, fix, severity }) => [path, reason, fix, severity]),
        [
          [
            "maxBytes",
            "with it, 10485760 bytes of storage would be reserved; the account has 10000000 (10047)",
            "lower maxBytes or replicas, or raise the account's limit",
            "warning",
          ],
        ],
      );
      await assert.rejects(streamHandler.create(here(), fresh("4MiB")), /\(10047\).*Fix:.*lower maxBytes/);
    });

    it("counts what a change gives back, and memory apart", async () => {
      const olds = { ...fresh("6MiB"), name: "ORDERS", subjects: ["orders.>"], created: "" };
      const bigger: StreamInputs = { ...fresh("9MiB"), name: "ORDERS", subjects: ["orders.>"] };
      assert.deepEqual((await streamHandler.check(here(), olds, bigger)).problems, []);
      const memory = await streamHandler.check(here(), undefined, { ...fresh("2MiB"), storage: "memory" });
      assert.match(memory.problems[0]!.reason, /^with it, 2097152 bytes of memory would be reserved/);
      assert.deepEqual((await streamHandler.check(here(), undefined, fresh("3MiB"))).problems, []);
    });

    it("counts consumers of each stream, as the server does", async () => {
      const consumer = (name: string) => ({ stream: "ORDERS", name });
      const { problems: none } = await consumerHandler.check(here(), undefined, consumer("one"));
      assert.deepEqual(none, []);
      const three = { consumers: { ORDERS: { one: {}, two: {}, three: {} } } };
      const limit =
        'stream "ORDERS" has 0 consumers and may have 2 as the account allows each stream, 3 more are wanted (10026)';
      const fix = "raise maxConsumers of the account";
      assert.deepEqual((await consumersHandler.check(here(), undefined, three)).problems, [
        { path: "consumers.ORDERS.one", reason: limit, fix, severity: "warning" },
      ]);
      await assert.rejects(consumersHandler.create(here(), three), /consumer "ORDERS\/\w+": .*\(10026\)/);
      const { problems } = await consumerHandler.check(here(), undefined, consumer("four"));
      assert.deepEqual(problems, [
        {
          path: "name",
          reason: 'stream "ORDERS" has 2 consumers and may have 2 as the account allows each stream (10026)',
          fix,
          severity: "warning",
        },
      ]);
      await assert.rejects(consumerHandler.create(here(), consumer("four")), /\(10026\)/);
      // What the map gives up makes room.
      const { consumers } = (await consumersHandler.read(here(), "ORDERS/*", undefined))!.state;
      const [kept] = Object.keys(consumers["ORDERS"]!);
      const news = { consumers: { ORDERS: { [kept!]: {}, four: {} } } };
      assert.deepEqual((await consumersHandler.check(here(), { consumers }, news)).problems, []);
    });

    it("is summed up for buckets and whole maps, and counts streams", async () => {
      const bucket = await keyValueHandler.check(here(), undefined, { bucket: "config", maxBytes: "5MiB" });
      assert.match(
        bucket.problems.map(({ path, reason }) => `${path}: ${reason}`).join(),
        /^maxBytes: with it, 11534336 /,
      );
      const streams = {
        P1: { subjects: ["p1.>"], maxBytes: "2MiB" },
        P2: { subjects: ["p2.>"], maxBytes: "2MiB" },
      } as const;
      const { problems } = await streamsHandler.check(here(), undefined, { streams });
      const said = problems.map(({ reason }) => reason);
      assert.ok(said.some((reason) => reason.startsWith("with it, 10485760 bytes of storage would be reserved")));
      assert.ok(said.includes("the account has 1 streams and may have 2, 2 more are wanted (10027)"), said.join("\n"));
    });

    it("counts what a replacement by a mirror takes for a while", async () => {
      const orders: StreamInputs = { name: "ORDERS", subjects: ["orders.>"], maxBytes: "6MiB", replaceBy: "mirror" };
      const connection = await connect({ servers: server.url, user: "a", pass: "a" });
      for (let index = 0; index < 11; index++) {
        await connection.jetstream().publish("orders.x", Buffer.alloc(500_000, index));
      }
      await connection.close();
      await streamHandler.create(here(), { name: "OTHER", subjects: ["other"] });
      // Accounts are looked at once for some seconds.
      await sleep(3100);
      const { problems } = await streamHandler.check(
        here(),
        { ...orders, created: "" },
        { ...orders, storage: "memory" },
      );
      const reasons = problems.filter(({ path }) => path === "replaceBy").map(({ reason }) => reason);
      if (version.startsWith("2.11")) {
        assert.match(reasons.join(), /^nats-server 2\.11\.17 can't promote a mirror/);
        return;
      }
      assert.deepEqual(reasons, [
        "to replace it by a mirror takes 5372 KiB of file storage for a while, and the account has room for 4395 KiB",
        "to replace it by a mirror takes 5372 KiB of memory storage for a while, and the account has room for 977 KiB",
        "to replace it by a mirror takes one stream more for a while: the account has 2 and may have 2 (10027)",
      ]);
    });
  });
}
