import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { createConsumer } from "../../provider/apply/jetstreamConsumers";
import {
  createStream,
  deleteStream,
  streamNames,
  streamInfo,
  updateStream,
} from "../../provider/apply/jetstreamStreams";
import { PartialFailure } from "../../provider/host/handler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs, StreamsState } from "../../provider/resources/streamsHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { untilRemoved } from "../bed/untilRemoved";
import { contextOf, lifecycle } from "./suite";

for (const version of serverVersions) {
  describe(`Streams ${version}`, () => {
    const bed = jetStreamBed(version);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    before(() => void ({ server, connection, js } = bed()));
    const config = () => new Map([["servers", server.url]]);
    const urn = "urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:Streams::apps";
    const here = () => contextOf(config(), urn).context;
    const names = async () => (await streamNames(js)).sort();
    const errors = async (news: StreamsInputs, olds?: StreamsState) =>
      (await streamsHandler.check(here(), olds, news)).problems
        .filter(({ severity }) => severity !== "warning")
        .map(({ path, reason, fix }) => `${path}: ${reason}${fix === undefined ? "" : `. Fix: ${fix}`}`);
    const made = async (inputs: StreamsInputs): Promise<StreamsState> =>
      (await streamsHandler.create(here(), inputs)).state;
    const clean = async () => {
      await untilRemoved(server);
      for (const name of await names()) await deleteStream(js, name);
      await untilRemoved(server);
    };
    const publish = async (subject: string, count: number) => {
      for (let index = 0; index < count; index++) await connection.request(subject, "x", patient);
    };

    describe("as maps", () => {
      afterEach(clean);
      it("keep what holds messages: removal, replacement and the end of all are refused in the preview and again after it", async () => {
        const streams = { KEEP: { subjects: ["keep"] }, GO: { subjects: ["go"] } };
        const state = await made({ streams });
        await publish("keep", 3);
        const { KEEP: _keep, ...rest } = streams;
        assert.deepEqual(await errors({ streams: rest }, state), [
          'streams.KEEP: stream "KEEP" holds 3 messages, which would be deleted with it. Fix: keep it in the program, or set onDataLoss: "allow" (or "backup") on nats.Streams "apps"',
        ]);
        const memory: StreamsInputs = { streams: { ...streams, KEEP: { subjects: ["keep"], storage: "memory" } } };
        assert.match(
          (await errors(memory, state)).join("\n"),
          /streams\.KEEP\.storage: from "file" to "memory" replaces stream "KEEP" and deletes all 3 messages/,
        );
        const late: unknown = await streamsHandler
          .update(here(), "apps", state, { streams: {} })
          .catch((error: unknown) => error);
        assert.ok(late instanceof PartialFailure);
        assert.match(late.message, /^stream "KEEP": holds 3 messages/);
        assert.deepEqual(late.state, { streams: { KEEP: { subjects: ["keep"] } } });
        assert.deepEqual(await names(), ["KEEP"]);
        await assert.rejects(
          streamsHandler.delete(here(), "apps", state),
          /stream "KEEP" holds 3 messages, which would be deleted with it; nothing was deleted\. Fix: set onDataLoss: "allow" \(or "backup"\)/,
        );
        const allowed: StreamsInputs = { ...memory, streams: { KEEP: memory.streams["KEEP"]! }, onDataLoss: "allow" };
        const kept = late.state as StreamsState;
        const diff = await streamsHandler.diff(here(), "apps", kept, allowed);
        assert.deepEqual(diff.changes, { onDataLoss: "add", "streams.KEEP.storage": "add" });
        assert.match(JSON.stringify(diff.notes), /stream \\"KEEP\\": storage replaces the stream/);
        const moved = await streamsHandler.update(here(), "apps", kept, allowed);
        assert.equal((await streamInfo(js, "KEEP"))!.config["storage"], "memory");
        assert.deepEqual(await streamsHandler.update(here(), "apps", moved, { streams: {}, onDataLoss: "allow" }), {
          streams: {},
          onDataLoss: "allow",
        });
        assert.deepEqual(await names(), []);
      });

      it("keep snapshots where the program says so: of what is removed, replaced and shortened; and start from one", async () => {
        const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-backup-"));
        const streams = { A: { subjects: ["a"] }, B: { subjects: ["b"] }, C: { subjects: ["c"] }, EMPTY: {} };
        const state = await made({ streams });
        for (const subject of ["a", "b", "c"]) await publish(subject, 3);
        const news: StreamsInputs = {
          onDataLoss: "backup",
          backup: { dir },
          streams: { B: { subjects: ["b"], storage: "memory" }, C: { subjects: ["c"], maxMsgs: 1 } },
        };
        assert.deepEqual(await errors(news, state), []);
        const { notes = [] } = await streamsHandler.diff(here(), "apps", state, news);
        const told = notes.map(({ message }) => message).join("\n");
        assert.match(told, /stream "A": is deleted, with 3 messages, backed up to .* before/);
        assert.match(told, /stream "EMPTY": is deleted$/m);
        const after = await streamsHandler.update(here(), "apps", state, news);
        assert.deepEqual(await names(), ["B", "C"]);
        const snapshots = readdirSync(dir).sort();
        assert.deepEqual(
          snapshots.map((name) => name[0]),
          ["A", "B", "C"],
        );
        const snapshot = path.join(dir, snapshots[0]!);
        const back: StreamsInputs = {
          ...news,
          streams: { ...news.streams, A: { subjects: ["a"], restoreFrom: { dir: snapshot } } },
        };
        assert.deepEqual(await errors(back, after), []);
        const wrong = { ...back, streams: { ...back.streams, A: { subjects: ["a"], restoreFrom: { dir } } } };
        assert.match(
          (await errors(wrong, after)).join("\n"),
          /^streams\.A\.restoreFrom\.dir: \S+ is no backup of a stream/,
        );
        const whole = await streamsHandler.update(here(), "apps", after, back);
        assert.equal((await streamInfo(js, "A"))!.state.messages, 3);
        await streamsHandler.delete(here(), "apps", whole);
        assert.deepEqual(await names(), []);
        assert.equal(readdirSync(dir).length, 5);
        rmSync(dir, { recursive: true });
      });

      it("name the consumers that exceed new limits of theirs, as the server then does", async () => {
        const state = await made({ streams: { L: { subjects: ["l"] } } });
        for (const [name, most] of Object.entries({ a: 1000, b: 700, c: 100 })) {
          const waits = { max_ack_pending: most, ...(name === "c" ? { inactive_threshold: 7200e9 } : {}) };
          await createConsumer(js, "L", { name, durable_name: name, ack_policy: "explicit", ...waits });
        }
        const limited = (consumerLimits: object): StreamsInputs => ({
          streams: { L: { subjects: ["l"], consumerLimits } },
        });
        const [low, high] = [limited({ maxAckPending: 500, inactiveThreshold: "1h" }), { maxAckPending: 1000 }];
        assert.deepEqual(await errors(low, state), [
          'streams.L.consumerLimits.maxAckPending: it is 500, and of the consumers of stream "L", "a" has 1000, "b" has 700: the servers refuse it (10069). Fix: consumerLimits: { maxAckPending: 1000 }, or lower maxAckPending of these consumers before',
          'streams.L.consumerLimits.inactiveThreshold: it is "1h", and of the consumers of stream "L", "c" has "2h": the servers refuse it (10069). Fix: consumerLimits: { inactiveThreshold: "2h" }, or lower inactiveThreshold of these consumers before',
        ]);
        await assert.rejects(streamsHandler.update(here(), "apps", state, low), /violates consumers.*\(10069\)/);
        // Releases differ in what one of the two says of the other.
        const told = await errors(limited(high), state);
        const sent = streamsHandler.update(here(), "apps", state, limited(high));
        if (version.startsWith("2.11")) {
          assert.match(
            told.join("\n"),
            /^streams\.L\.consumerLimits\.inactiveThreshold: without it nats-server 2\.11\.\d+ allows none, .*"c" has "2h"/,
          );
          await assert.rejects(sent, /violates consumers/);
        } else assert.deepEqual([told, await sent], [[], limited(high)]);
        const fits = limited({ ...high, inactiveThreshold: "2h" });
        await streamsHandler.update(here(), "apps", state, fits);
      });

      it("name defaults that are none, beside the faults of members", async () => {
        const wrong = { streams: { A: { maxAge: 5 } }, defaults: 5 } as never;
        assert.deepEqual(await errors(wrong), [
          "defaults: an object of settings is wanted. Fix: defaults: { replicas: 3 }",
          'streams.A.maxAge: 5 has no unit. Fix: maxAge: "5s", "5m" or "5h"',
        ]);
      });

      it("fail by member: the others stand, each failure has its name and reason, the next update goes on", async () => {
        await createStream(js, { name: "TAKEN", subjects: ["taken"] });
        const inputs: StreamsInputs = {
          defaults: { maxMsgs: 5 },
          streams: { A: { subjects: ["a"] }, TAKEN: { subjects: ["taken"] }, B: { subjects: ["b"] } },
        };
        const failed: unknown = await streamsHandler.create(here(), inputs).catch((error: unknown) => error);
        assert.ok(failed instanceof PartialFailure);
        assert.equal(failed.id, "apps");
        assert.match(
          failed.message,
          /^stream "TAKEN": exists already \(0 messages\) and no stack made it\. Fix: adopt: true/,
        );
        const state = failed.state as StreamsState;
        assert.deepEqual(state, {
          defaults: { maxMsgs: 5 },
          streams: { A: { subjects: ["a"] }, B: { subjects: ["b"] } },
        });
        const news: StreamsInputs = {
          ...inputs,
          streams: { ...inputs.streams, TAKEN: { subjects: ["taken"], adopt: true } },
        };
        assert.deepEqual((await streamsHandler.diff(here(), "apps", state, news)).changes, { "streams.TAKEN": "add" });
        const whole = await streamsHandler.update(here(), "apps", state, news);
        assert.deepEqual(whole, news);
        assert.equal((await streamInfo(js, "TAKEN"))!.config["max_msgs"], 5);
        await streamsHandler.delete(here(), "apps", whole);
      });

      it("change defaults under a failure: what is as it was says so, and comes along the next time", async () => {
        const inputs: StreamsInputs = {
          defaults: { maxMsgs: 5 },
          streams: { A: { subjects: ["a"] }, B: { subjects: ["b"] } },
        };
        const state = await made(inputs);
        await publish("a", 5);
        const news: StreamsInputs = { ...inputs, defaults: { maxMsgs: 3, description: "small" } };
        const diff = await streamsHandler.diff(here(), "apps", state, news);
        assert.deepEqual(diff.changes, { "defaults.maxMsgs": "update", "defaults.description": "add" });
        assert.match(
          (await errors(news, state)).join("\n"),
          /^defaults\.maxMsgs: from 5 to 3: .*deletes 2 of 5 messages \(stream "A"\)/,
        );
        const failed: unknown = await streamsHandler
          .update(here(), "apps", state, news)
          .catch((error: unknown) => error);
        assert.ok(failed instanceof PartialFailure);
        assert.match(failed.message, /^stream "A": .*deletes 2 of 5 messages/);
        const half = failed.state as StreamsState;
        assert.deepEqual(half.streams["A"], { subjects: ["a"], maxMsgs: 5, description: null });
        const again = { ...news, onDataLoss: "allow" as const };
        const next = await streamsHandler.diff(here(), "apps", half, again);
        assert.deepEqual(next.changes, {
          onDataLoss: "add",
          "streams.A.maxMsgs": "update",
          "streams.A.description": "add",
        });
        const whole = await streamsHandler.update(here(), "apps", half, again);
        assert.deepEqual(whole, again);
        assert.equal((await streamInfo(js, "A"))!.state.messages, 3);
        await streamsHandler.delete(here(), "apps", whole);
      });

      it("pass a subject from one to another, and copies are made after their origin, in one update", async () => {
        const state = await made({ streams: { A: { subjects: ["x", "y"] }, B: { subjects: ["z"] } } });
        const news: StreamsInputs = {
          streams: {
            COPY: { mirror: { name: "NEW" } },
            B: { subjects: ["z", "y"] },
            A: { subjects: ["x"] },
            NEW: { subjects: ["n"], allowDirect: true },
          },
        };
        const whole = await streamsHandler.update(here(), "apps", state, news);
        assert.deepEqual((await streamInfo(js, "B"))!.config["subjects"], ["z", "y"]);
        const read = await streamsHandler.read(here(), "apps", whole);
        assert.deepEqual(read, { inputs: news, state: whole });
        await streamsHandler.delete(here(), "apps", whole);
      });

      it("see single members deleted outside, and make only those anew", async () => {
        const inputs: StreamsInputs = { streams: { A: { subjects: ["a"] }, B: { subjects: ["b"] } } };
        const state = await made(inputs);
        await deleteStream(js, "A");
        const read = (await streamsHandler.read(here(), "apps", state))!;
        assert.deepEqual(read.inputs, { streams: { B: { subjects: ["b"] } } });
        assert.deepEqual((await streamsHandler.diff(here(), "apps", read.state, inputs)).changes, {
          "streams.A": "add",
        });
        const whole = await streamsHandler.update(here(), "apps", read.state, inputs);
        assert.deepEqual(await names(), ["A", "B"]);
        await streamsHandler.delete(here(), "apps", whole);
      });

      it("are many: 300 in few requests, a change of one asks for one, one note for all that say the same", async function () {
        this.timeout(180_000);
        const streams = Object.fromEntries(
          Array.from({ length: 300 }, (_, index) => [`S${index}`, { subjects: [`s.${index}.>`] }]),
        );
        const state = await made({ streams });
        assert.equal((await names()).length, 300);
        assert.ok(JSON.stringify(state).length < 300 * 40, "small state");
        assert.deepEqual(await errors({ streams }, state), []);
        const requests = async (work: () => Promise<unknown>): Promise<number> => {
          const before = (await js.accountInfo()).api!.total!;
          await work();
          return (await js.accountInfo()).api!.total! - before - 1;
        };
        assert.ok(
          (await requests(() => streamsHandler.read(here(), "apps", state))) <= 3,
          "listings, no single questions",
        );
        const one = { streams: { ...streams, S7: { subjects: ["s.7.>"], maxMsgs: 9 } } };
        assert.ok((await requests(() => streamsHandler.diff(here(), "apps", state, one))) <= 3, "one question");
        const all = { streams, defaults: { denyDelete: true } };
        const diff = await streamsHandler.diff(here(), "apps", state, all);
        assert.deepEqual(diff.changes, { "defaults.denyDelete": "add" });
        assert.deepEqual(
          diff.notes!.map(({ message }) => message),
          [
            '300 streams ("S0", "S1", "S2", "S3", "S4", …): denyDelete: no message can be deleted by itself any more; it can\'t be undone',
          ],
        );
        await streamsHandler.delete(here(), "apps", state);
        assert.deepEqual(await names(), []);
      });
    });
    describe("as every resource", () => {
      const first: StreamsInputs = {
        defaults: { maxAge: "24h" },
        streams: {
          ORDERS: { subjects: ["orders.>"], maxBytes: "10MiB" },
          INVOICES: { subjects: ["invoices.>"], maxAge: "48h", metadata: { team: "billing" } },
          COPY: { mirror: { name: "ORDERS" } },
        },
      };
      const changed: StreamsInputs = {
        defaults: { maxAge: "24h", duplicateWindow: "1m" },
        streams: {
          ORDERS: { subjects: ["orders.>"], maxBytes: "10MiB", maxMsgs: 1000 },
          INVOICES: { subjects: ["invoices.>"], maxAge: "48h", metadata: { team: "orders" } },
          MORE: { subjects: ["more.>"] },
        },
      };
      lifecycle<StreamsInputs, StreamsState>({
        handler: streamsHandler,
        config,
        first,
        changed: {
          inputs: changed,
          paths: [
            "defaults.duplicateWindow",
            "streams.ORDERS.maxMsgs",
            "streams.INVOICES.metadata.team",
            "streams.MORE",
            "streams.COPY",
          ],
        },
        refused: [
          {
            inputs: { streams: { "a.b": {} } },
            path: 'streams["a.b"]',
            reason: /"a\.b" can't name a stream/,
            fix: /^make the key "a_b"$/,
          },
          {
            inputs: { streams: { A: { maxAge: 30 as unknown as string } } },
            path: "streams.A.maxAge",
            reason: /30 has no unit/,
            fix: /maxAge: "30s"/,
          },
          {
            inputs: { defaults: { maxAge: "1 fortnight" }, streams: { A: {}, B: {} } },
            path: "defaults.maxAge",
            reason: /fortnight/,
          },
          {
            inputs: { streams: { A: { subjects: ["a.*"] }, B: { subjects: ["b", "a.b"] } } },
            path: "streams.B.subjects[1]",
            reason: /"a\.b" overlaps with the subjects of stream "A" of the same map \(10065\)/,
          },
          {
            inputs: { streams: { A: { name: "B" } as object } },
            path: "streams.A.name",
            reason: /the key says it already/,
            fix: /leave out name/,
          },
          {
            inputs: { streams: ["A"] as unknown as StreamsInputs["streams"] },
            path: "streams",
            reason: /an object of streams by name/,
          },
          {
            inputs: { defaults: { replicas: 3 }, streams: { A: {} } },
            path: "defaults.replicas",
            reason: /need a cluster/,
          },
          {
            inputs: { streams: { A: {} }, replicas: 3 } as StreamsInputs,
            path: "replicas",
            reason: /there is no property "replicas" here/,
            fix: /defaults/,
          },
          {
            inputs: { onDataLoss: "maybe" as "allow", streams: { A: {}, B: {} } },
            path: "onDataLoss",
            reason: /"maybe": "refuse"/,
          },
        ],
        drift: {
          make: async () => {
            const info = (await streamInfo(js, "ORDERS"))!;
            await updateStream(js, { ...info.config, max_msgs: 7 });
          },
          path: "streams.ORDERS.maxMsgs",
        },
        remove: clean,
        exists: async () => (await names()).length > 0,
        importId: "ORDERS,INV*,MORE",
        imported: {
          streams: {
            ORDERS: { subjects: ["orders.>"], maxAge: "24h", maxBytes: "10MiB", maxMsgs: 1000, duplicateWindow: "1m" },
            INVOICES: { subjects: ["invoices.>"], maxAge: "48h", metadata: { team: "orders" }, duplicateWindow: "1m" },
            MORE: { subjects: ["more.>"], maxAge: "24h", duplicateWindow: "1m" },
          },
        },
      });
    });
  });
}
