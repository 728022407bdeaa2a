import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, deleteConsumer, listConsumers, updateConsumer } from "../../provider/apply/jetstreamConsumers";
import { createStream } from "../../provider/apply/jetstreamStreams";
import { PartialFailure } from "../../provider/host/handler";
import type { ConsumerInputs } from "../../provider/model/consumer";
import { consumerHandler } from "../../provider/resources/consumerHandler";
import { consumersHandler } from "../../provider/resources/consumersHandler";
import type { ConsumersInputs, ConsumersState } from "../../provider/resources/consumersHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs } from "../../provider/resources/streamsHandler";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { contextOf, lifecycle } from "./suite";

for (const version of serverVersions) {
  describe(`Consumers ${version}`, () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
      for (const name of ["ORDERS", "INVOICES"])
        await createStream(js, { name, subjects: [`${name.toLowerCase()}.>`] });
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await server.stop();
    });
    const config = () => new Map([["servers", server.url]]);
    const urn = "urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:Consumers::apps";
    const here = () => contextOf(config(), urn).context;
    const made = async (inputs: ConsumersInputs): Promise<ConsumersState> =>
      (await consumersHandler.create(here(), inputs)).state;
    const ids = async (): Promise<string[]> => {
      const all = await Promise.all(["INVOICES", "ORDERS"].map((stream) => listConsumers(js, stream)));
      return all.flat().map(({ stream_name, name }) => `${stream_name}/${name}`);
    };
    const clean = async () => {
      for (const id of await ids()) await deleteConsumer(js, ...(id.split("/") as [string, string]));
    };

    describe("as every resource", () => {
      const first: ConsumersInputs = {
        defaults: { ackWait: "1m" },
        consumers: {
          ORDERS: { mails: {}, invoices: { filterSubject: "orders.paid", metadata: { team: "billing" } } },
          INVOICES: { archive: { ackPolicy: "all", ackWait: "2m" } },
        },
      };
      const changed: ConsumersInputs = {
        defaults: { ackWait: "1m", maxDeliver: 5 },
        consumers: {
          ORDERS: { invoices: { filterSubject: "orders.paid", metadata: { team: "orders" } }, more: {} },
          INVOICES: { archive: { ackPolicy: "all", ackWait: "3m" } },
        },
      };
      lifecycle<ConsumersInputs, ConsumersState>({
        handler: consumersHandler,
        config,
        first,
        changed: {
          inputs: changed,
          paths: [
            "defaults.maxDeliver",
            "consumers.ORDERS.invoices.metadata.team",
            "consumers.INVOICES.archive.ackWait",
            "consumers.ORDERS.mails",
            "consumers.ORDERS.more",
          ],
        },
        refused: [
          {
            inputs: { consumers: { ORDERS: { "a.b": {} } } },
            path: 'consumers.ORDERS["a.b"]',
            reason: /can't name a consumer/,
            fix: /^make the key "a_b"$/,
          },
          {
            inputs: { consumers: { "a.b": { c: {} } } },
            path: 'consumers["a.b"].c',
            reason: /can't name a stream/,
            fix: /^make the key "a_b"$/,
          },
          {
            inputs: { consumers: { ORDERS: { a: { ackWait: 30 as unknown as string } } } },
            path: "consumers.ORDERS.a.ackWait",
            reason: /30 has no unit/,
          },
          {
            inputs: { consumers: { ORDERS: { a: { durableName: "x" } as object } } },
            path: "consumers.ORDERS.a.durableName",
            reason: /no property/,
          },
          {
            inputs: { consumers: { ORDERS: ["a"] } as unknown as ConsumersInputs["consumers"] },
            path: "consumers.ORDERS",
            reason: /an object of the consumers of stream "ORDERS" is wanted/,
          },
          {
            inputs: { consumers: { ORDERS: { a: { stream: "INVOICES" } as object } } },
            path: "consumers.ORDERS.a.stream",
            reason: /the key says it already/,
          },
          {
            inputs: { consumers: { ORDERS: { a: { filterSubject: "mails" } } } },
            path: "consumers.ORDERS.a.filterSubject",
            reason: /matches no subject of stream "ORDERS"/,
          },
          {
            inputs: { defaults: { replicas: 3 }, consumers: { ORDERS: { a: {} } } },
            path: "defaults.replicas",
            reason: /need a cluster/,
          },
        ],
        drift: {
          make: async () => {
            const { config: live } = (await consumerInfo(js, "INVOICES", "archive"))!;
            await updateConsumer(js, "INVOICES", { ...live, max_deliver: 9 });
          },
          path: "consumers.INVOICES.archive.maxDeliver",
        },
        remove: clean,
        exists: async () => (await ids()).length > 0,
        importId: "ORDERS, INV*/arch*",
        imported: {
          consumers: {
            ORDERS: {
              invoices: { filterSubject: "orders.paid", ackWait: "1m", maxDeliver: 5, metadata: { team: "orders" } },
              more: { ackWait: "1m", maxDeliver: 5 },
            },
            INVOICES: { archive: { ackPolicy: "all", ackWait: "3m", maxDeliver: 5 } },
          },
        },
      });
    });

    describe("as maps", () => {
      afterEach(clean);

      it("replace one alone, which goes on after what it has acknowledged", async () => {
        for (let index = 0; index < 4; index++) await connection.request("orders.paid", `${index}`, patient);
        const state = await made({ consumers: { ORDERS: { a: {}, b: {} } } });
        const messages = connection.jetstream().consumers.get("ORDERS", "a");
        for (let index = 0; index < 2; index++) await (await (await messages).next())!.ackAck();
        const news: ConsumersInputs = { consumers: { ORDERS: { a: { maxWaiting: 7 }, b: {} } } };
        const diff = await consumersHandler.diff(here(), "apps", state, news);
        assert.deepEqual(diff.changes, { "consumers.ORDERS.a.maxWaiting": "add" });
        assert.match(
          diff.notes!.map(({ message }) => message).join("\n"),
          /^consumer "ORDERS\/a": maxWaiting replaces the consumer: .*resumes at its acknowledged floor \(2\); redelivers nothing/,
        );
        const before = (await consumerInfo(js, "ORDERS", "b"))!.created;
        const after = await consumersHandler.update(here(), "apps", state, news);
        assert.deepEqual(after, {
          ...news,
          members: { "ORDERS/a": { serverSet: { deliver_policy: "by_start_sequence", opt_start_seq: 3 } } },
        });
        assert.deepEqual(await consumersHandler.read(here(), "apps", after), { inputs: news, state: after });
        assert.deepEqual((await consumersHandler.diff(here(), "apps", after, news)).changes, {});
        const a = (await consumerInfo(js, "ORDERS", "a"))!;
        assert.equal(a.config["max_waiting"], 7);
        assert.equal(a.num_pending, 2);
        assert.equal((await consumerInfo(js, "ORDERS", "b"))!.created, before);
      });

      it("come again with a stream that the program makes anew: the same preview and update say and do so, of maps and of single ones", async () => {
        const of = (kind: string) =>
          contextOf(config(), `urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:${kind}::it`);
        const streams: StreamsInputs = { streams: { W: { subjects: ["w"] }, W2: { subjects: ["w2"] } } };
        const all = of("Streams").context;
        const state = (await streamsHandler.create(all, streams)).state;
        const map = of("Consumers");
        const one = of("Consumer");
        const wanted: ConsumersInputs = { consumers: { W: { kept: {} }, W2: { a: {}, b: { maxDeliver: 3 } } } };
        const consumers = (await consumersHandler.create(map.context, wanted)).state;
        const single: ConsumerInputs = { stream: "W2", name: "single" };
        const consumer = (await consumerHandler.create(one.context, single)).state;
        const kept = (await consumerInfo(js, "W", "kept"))!.created;
        const news: StreamsInputs = {
          streams: { ...streams.streams, W2: { subjects: ["w2"], storage: "memory", onDataLoss: "allow" } },
        };
        assert.deepEqual((await consumersHandler.diff(map.context, "it", consumers, wanted)).changes, {});
        await streamsHandler.diff({ ...all, refreshing: true }, "apps", state, news);
        assert.deepEqual((await consumersHandler.diff(map.context, "it", consumers, wanted)).changes, {});

        const { notes = [] } = await streamsHandler.diff(all, "apps", state, news);
        assert.match(
          notes.map(({ message }) => message).join("\n"),
          /3 consumers of stream "W2" go with it: made anew are/,
        );
        const words = 'made anew with stream "W2", which ends it: it starts as its deliverPolicy says';
        const after = await streamsHandler.update(all, "apps", state, news);
        assert.deepEqual(await listConsumers(js, "W2"), []);
        assert.deepEqual(await consumersHandler.diff(map.context, "it", consumers, wanted), {
          changes: { "consumers.W2.a": "update", "consumers.W2.b": "update" },
          notes: [{ severity: "warning", message: `2 consumers ("W2/a", "W2/b"): ${words}` }],
        });
        assert.deepEqual(await consumerHandler.diff(one.context, "W2/single", consumer, single), {
          changes: { stream: "update" },
          deleteBeforeReplace: false,
          notes: [{ severity: "warning", message: words }],
        });
        const changed: ConsumersInputs = {
          consumers: { ...wanted.consumers, W2: { a: { maxDeliver: 4 }, b: { maxDeliver: 3 } } },
        };
        assert.deepEqual((await consumersHandler.diff(map.context, "it", consumers, changed)).changes, {
          "consumers.W2.a": "update",
          "consumers.W2.a.maxDeliver": "add",
          "consumers.W2.b": "update",
        });
        assert.deepEqual(await consumersHandler.update(map.context, "it", consumers, wanted), consumers);
        await consumerHandler.update(one.context, "W2/single", consumer, single);
        assert.deepEqual((await listConsumers(js, "W2")).map(({ name }) => name).sort(), ["a", "b", "single"]);
        assert.equal((await consumerInfo(js, "W", "kept"))!.created, kept);
        assert.deepEqual([...map.lines, ...one.lines], []);
        await streamsHandler.diff(all, "apps", after, news);
        assert.deepEqual((await consumersHandler.diff(map.context, "it", consumers, wanted)).changes, {});
        assert.deepEqual((await consumerHandler.diff(one.context, "W2/single", consumer, single)).changes, {});
        await streamsHandler.delete(all, "apps", { ...after, onDataLoss: "allow" });
      });

      it("fail by member: one whose stream is not there is told, the others stand", async () => {
        const inputs: ConsumersInputs = { consumers: { ORDERS: { a: {} }, MISSING: { b: {}, c: {} } } };
        const failed: unknown = await consumersHandler.create(here(), inputs).catch((error: unknown) => error);
        assert.ok(failed instanceof PartialFailure);
        assert.match(
          failed.message,
          /^2 consumers: stream not found \(10059\)\. Fix: make the stream first.*\n  "MISSING\/b", "MISSING\/c"$/,
        );
        assert.deepEqual(failed.state, { consumers: { ORDERS: { a: {} } } });
        const diff = await consumersHandler.diff(here(), "apps", failed.state, inputs);
        assert.deepEqual(diff.changes, { "consumers.MISSING.b": "add", "consumers.MISSING.c": "add" });
      });

      it("leave one that another resource has taken over meanwhile, and the preview says so", async () => {
        const state = await made({ consumers: { ORDERS: { a: {}, b: {} } } });
        const other = contextOf(
          config(),
          "urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:Consumers::other",
        ).context;
        await consumersHandler.create(other, { consumers: { ORDERS: { a: { adopt: true } } } });
        const without: ConsumersInputs = { consumers: { ORDERS: { b: {} } } };
        assert.deepEqual((await consumersHandler.check(here(), state, without)).problems, []);
        const { changes, notes } = await consumersHandler.diff(here(), "apps", state, without);
        assert.deepEqual(changes, { "consumers.ORDERS.a": "delete" });
        assert.deepEqual(
          notes!.map(({ message }) => message),
          [`consumer "ORDERS/a": belongs to ${other.urn} now: it stays as it is, out of this map`],
        );
        assert.deepEqual(await consumersHandler.update(here(), "apps", state, without), without);
        assert.deepEqual(await ids(), ["ORDERS/a", "ORDERS/b"]);
      });

      it("exchange filters of a work queue in one update", async () => {
        await createStream(js, { name: "WORK", subjects: ["work.>"], retention: "workqueue" });
        const state = await made({
          consumers: { WORK: { a: { filterSubject: "work.1" }, b: { filterSubject: "work.2" } } },
        });
        const news: ConsumersInputs = {
          consumers: { WORK: { b: { filterSubjects: ["work.1", "work.2"] }, a: { filterSubject: "work.3" } } },
        };
        assert.deepEqual(await consumersHandler.update(here(), "apps", state, news), news);
        await js.request("STREAM.DELETE.WORK", undefined, "WORK");
      });

      it("are many: 200 of two streams in few requests", async function () {
        this.timeout(180_000);
        const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`C${index}`, {}]));
        const inputs: ConsumersInputs = { defaults: { maxDeliver: 3 }, consumers: { ORDERS: many, INVOICES: many } };
        const state = await made(inputs);
        assert.equal((await ids()).length, 200);
        const before = (await js.accountInfo()).api!.total!;
        assert.deepEqual(await consumersHandler.read(here(), "apps", state), { inputs, state });
        assert.ok((await js.accountInfo()).api!.total! - before <= 6, "listings, no single questions");
        await consumersHandler.delete(here(), "apps", state);
        assert.deepEqual(await ids(), []);
      });
    });
  });
}
