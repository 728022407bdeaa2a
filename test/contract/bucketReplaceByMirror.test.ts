import assert from "node:assert/strict";
import { headers } from "nats";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { createStream, deleteStream, streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { sleep, waitFor } from "../../provider/apply/wait";
import type { CallContext } from "../../provider/host/handler";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import type { ObjectStoreInputs } from "../../provider/model/objectStore";
import { stageOf } from "../../provider/model/replacement";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { cutAfter } from "../bed/cutAfter";
import { jetStreamBed } from "../bed/jetStreamBed";
import { streamMessages } from "../bed/streamMessages";
import { contextOf } from "./suite";

/** Nats-Expected-Last-Subject-Sequence, as the server gives headers. */
const expects = new RegExp(Buffer.from("NATS/1.0\r\nNats-Expec").toString("base64").slice(0, -2));

for (const version of ["2.15.2", "2.12.15"]) {
  describe(`Buckets and replaceBy: "mirror", nats-server ${version}`, function () {
    this.timeout(180_000);
    const bed = jetStreamBed(version);
    let connection: NatsConnection;
    let js: JetStream;
    let config: ReadonlyMap<string, string>;
    before(() => {
      ({ connection, js } = bed());
      config = new Map([["servers", bed().server.url]]);
    });
    afterEach(async () => {
      for (const name of await streamNames(js)) await deleteStream(js, name);
    });
    const context = (urn: string): CallContext => ({ ...contextOf(config, urn).context, timeout: 20_000 });
    const bucket = (change: Partial<KeyValueInputs> = {}): KeyValueInputs => ({
      bucket: "config",
      history: 3,
      limitMarkerTtl: "1h",
      replaceBy: "mirror",
      ...change,
    });
    const stored = (stream: string): Promise<object[]> => streamMessages(js, stream);

    it("keys keep history, revisions and markers; clients that have it open go on", async () => {
      const here = context("urn:config");
      const made = await keyValueHandler.create(here, bucket());
      const kv = await connection.jetstream().views.kv("config");
      for (let value = 0; value < 5; value++) await kv.put("a", `${value}`);
      await kv.put("deleted", "x");
      await kv.delete("deleted");
      await kv.put("purged", "x");
      await kv.purge("purged");
      for (let key = 0; key < 50; key++) await kv.put(`k.${key}`, "x");
      await kv.create("made", "x");
      const seen: string[] = [];
      const watch = await kv.watch();
      const watching = (async () => {
        for await (const { key, operation, value } of watch)
          seen.push(`${key} ${operation} ${Buffer.from(value).toString()}`);
      })();
      const before = await stored("KV_config");
      const news = bucket({ storage: "memory" });

      assert.deepEqual((await keyValueHandler.check(here, made.state, news)).problems, []);
      const diff = await keyValueHandler.diff(here, made.id, made.state, news);
      assert.deepEqual(diff.changes, { storage: "add" });
      assert.ok(!diff.deleteBeforeReplace);
      assert.match(
        diff.notes!.map(({ message }) => message).join("\n"),
        /replaced by way of a mirror: keeps 52 keys with history and revisions; who writes gets errors for some seconds, who reads while [\d.]+ KiB are copied/,
      );
      const state = await keyValueHandler.update(here, made.id, made.state, news);

      // Servers drop the header that says what a write expects once it has been copied.
      const kept = (all: readonly object[]) =>
        all.filter((each) => !("hdrs" in each) || !expects.test(String(each.hdrs)));
      const after = await stored("KV_config");
      assert.deepEqual([after.length, kept(after).length], [before.length, before.length]);
      assert.deepEqual(after.slice(0, -1), kept(before));
      assert.equal((await kv.get("made"))!.revision, 60);
      assert.deepEqual(await streamNames(js), ["KV_config"]);
      const { config: now } = (await streamInfo(js, "KV_config"))!;
      const { storage, allow_direct, deny_delete, discard, max_msgs_per_subject, subjects } = now;
      assert.deepEqual(
        { storage, allow_direct, deny_delete, discard, max_msgs_per_subject, subjects },
        {
          ...{ storage: "memory", allow_direct: true, deny_delete: true, discard: "new" },
          ...{ max_msgs_per_subject: 3, subjects: ["$KV.config.>"] },
        },
      );
      assert.deepEqual((await keyValueHandler.diff(here, made.id, state, news)).changes, {});
      assert.deepEqual((await keyValueHandler.read(here, made.id, state))!.state, state);

      const { revision } = (await kv.get("a"))!;
      assert.equal(revision, 5);
      assert.equal(await kv.update("a", "5", revision), 61);
      await assert.rejects(kv.update("a", "6", revision), /wrong last sequence/);
      const values: string[] = [];
      for await (const each of await kv.history({ key: "a" })) values.push(each.string());
      assert.deepEqual(values, ["3", "4", "5"]);
      await waitFor<true>("the watcher's news", { timeout: 60_000 }, async () =>
        seen.includes("a PUT 5") ? { value: true } : { pending: seen.slice(-3).join("; ") },
      );
      watch.stop();
      await watching;
    });

    it("whoever reads and writes meanwhile gets errors at most: nothing acknowledged is lost, times to live go on", async () => {
      const here = context("urn:config");
      const made = await keyValueHandler.create(here, bucket({ history: 1 }));
      const kv = await connection.jetstream().views.kv("config", { timeout: 500 });
      await connection.jetstream().publish("$KV.config.first", "x");
      for (let key = 0; key < 3000; key++) connection.publish(`$KV.config.k.${key}`, "x".repeat(1000));
      await kv.put("counted", "0");
      const ttl = headers();
      ttl.set("Nats-TTL", "9s");
      await connection.request("$KV.config.passing", "x", { headers: ttl, timeout: 5000 });
      let isOver = false;
      let acknowledged = 0;
      const acknowledgedAt: number[] = [Date.now()];
      const wrong: string[] = [];
      const [failed, done] = [
        { reads: 0, writes: 0 },
        { reads: 0, writes: 0 },
      ];
      const writing = (async () => {
        for (let value = 1; !isOver; value++) {
          for (;;) {
            try {
              await kv.put("counted", `${value}`);
              break;
            } catch {
              failed.writes++;
              await sleep(5);
            }
          }
          acknowledged = value;
          acknowledgedAt.push(Date.now());
          done.writes++;
          await sleep(1);
        }
      })();
      const reading = (async () => {
        while (!isOver) {
          const began = Date.now();
          try {
            const [counted, other] = [await kv.get("counted"), await kv.get("k.2999")];
            if (!other) wrong.push("what was not touched is not there");
            // The copy reads too, and may be a moment behind: also of a key that is always the last.
            else if (!counted) failed.reads++;
            else {
              const next = acknowledgedAt[Number(counted.string()) + 1] ?? began;
              if (began - next > 2000) wrong.push(`${counted.string()} is ${began - next} ms old`);
            }
            done.reads++;
            await sleep(1);
          } catch {
            failed.reads++;
            await sleep(5);
          }
        }
      })();
      await sleep(200);
      let { state } = made;
      for (const storage of ["memory", "file"] as const) {
        state = await keyValueHandler.update(here, made.id, state, bucket({ history: 1, storage }));
        await sleep(100);
      }
      isOver = true;
      await Promise.all([writing, reading]);
      assert.deepEqual(wrong, []);
      assert.equal(Number((await kv.get("counted"))!.string()), acknowledged);
      assert.equal((await streamInfo(js, "KV_config"))!.state.messages, 3003);
      // Times to live go on.
      await waitFor<true>("the end of a key with a time to live", { timeout: 20_000 }, async () => {
        const [last] = (await stored("KV_config")).slice(-1) as { subject: string; hdrs?: string }[];
        const hdrs = Buffer.from(last!.hdrs ?? "", "base64").toString();
        const isMarker = last!.subject === "$KV.config.passing" && hdrs.includes("Nats-Marker-Reason: MaxAge");
        return isMarker ? { value: true } : { pending: `${last!.subject} ${hdrs}` };
      });
    });

    it("goes on wherever it was cut short, and tells of it also where the program is as it was", async () => {
      const here = context("urn:config");
      const made = await keyValueHandler.create(here, bucket());
      let { state } = made;
      const kv = await connection.jetstream().views.kv("config");
      for (let key = 0; key < 10; key++) await kv.put(`k.${key}`, "x");
      await kv.delete("k.3");
      const before = await stored("KV_config");
      let storage: "memory" | "file" = "memory";
      let [calls, silent] = [1, 0];
      for (; ; calls++) {
        const news = bucket({ storage });
        if (!(await cutAfter(calls, () => keyValueHandler.update(here, made.id, state, news)))) break;
        // Only the mark of the last step is left then.
        if (!(await streamNames(js)).includes("KV_config_replacement")) break;
        const stages = (await Promise.all(["KV_config", "KV_config_replacement"].map((name) => streamInfo(js, name))))
          .map((info) => stageOf(info?.config))
          .join(" ");
        // What is written goes elsewhere by then: better no answer than that of yesterday.
        if (stages === "parked holds") silent++;
        if (stages === "parked holds") await assert.rejects(kv.get("k.0"));
        // The program as it was: without a word the bucket would stay as it is.
        const same = { ...state };
        const told = await waitFor<string>("a look that is fresh", { timeout: 20_000 }, async () => {
          const { changes, notes } = await keyValueHandler.diff(here, made.id, state, same);
          return notes?.length ? { value: notes[0]!.message } : { pending: JSON.stringify(changes) };
        });
        assert.match(told, /was being replaced by way of a mirror when that was cut short: "KV_config_replacement" h/);
        const live = (await keyValueHandler.read(here, made.id, state))!;
        state = await keyValueHandler.update(here, made.id, live.state, news);
        assert.deepEqual(await streamNames(js), ["KV_config"]);
        assert.deepEqual(await stored("KV_config"), before, `after ${calls} changes`);
        storage = storage === "memory" ? "file" : "memory";
      }
      assert.ok(calls > 7 && silent > 0, `${calls}, ${silent}`);
    });

    it("says what it can't keep: a bucket that copies from others, a name that is taken, a new name", async () => {
      const here = context("urn:config");
      const made = await keyValueHandler.create(here, bucket());
      await connection.jetstream().publish("$KV.config.a", "x");
      await createStream(js, { name: "KV_config_replacement", subjects: ["other"] });
      const errors = async (news: KeyValueInputs, olds = made.state) =>
        (await keyValueHandler.check(here, olds, news)).problems
          .filter(({ severity }) => severity !== "warning")
          .map(({ path, reason, fix }) => `${path}: ${reason}. Fix: ${fix}`);
      assert.deepEqual(await errors(bucket({ storage: "memory" })), [
        `replaceBy: stream "KV_config" can't be replaced by way of "KV_config_replacement": a stream of that name exists. Fix: rename or delete "KV_config_replacement", or leave replaceBy out`,
      ]);
      await deleteStream(js, "KV_config_replacement");
      const way = "or leave replaceBy out and say what becomes of the values: onDataLoss";
      assert.deepEqual(await errors(bucket({ bucket: "settings" })), [
        `replaceBy: a mirror of the old bucket can't bring another name about. Fix: keep the old value, ${way}`,
      ]);
      const copy: KeyValueInputs = { bucket: "copy", sources: [{ name: "config" }], replaceBy: "mirror" };
      const copied = await keyValueHandler.create(context("urn:copy"), copy);
      await waitFor<true>("the copy", { timeout: 20_000 }, async () =>
        (await streamInfo(js, "KV_copy"))!.state.messages === 1 ? { value: true } : { pending: "nothing yet" },
      );
      assert.deepEqual(await errors({ ...copy, storage: "memory" }, copied.state), [
        `replaceBy: the bucket copies from others itself: a new one can copy from them anew. Fix: keep the old value, ${way}`,
      ]);
    });

    it("objects are kept, of a sealed store too", async () => {
      const here = context("urn:assets");
      const store = (change: Partial<ObjectStoreInputs> = {}): ObjectStoreInputs => ({
        bucket: "assets",
        replaceBy: "mirror",
        ...change,
      });
      const made = await objectStoreHandler.create(here, store());
      const os = await connection.jetstream().views.os("assets");
      const content = Buffer.alloc(3 * 1024 * 1024);
      for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, at);
      await os.putBlob({ name: "o" }, content);
      await os.putBlob({ name: "gone" }, Buffer.from("x"));
      await os.delete("gone");
      const before = await stored("OBJ_assets");
      const news = store({ storage: "memory", sealed: true });
      assert.deepEqual((await objectStoreHandler.check(here, made.state, news)).problems, []);
      const told = (await objectStoreHandler.diff(here, made.id, made.state, news)).notes!;
      assert.match(
        told.map(({ message }) => message).join("\n"),
        /replaced by way of a mirror: keeps 1 object; who writes/,
      );
      const state = await objectStoreHandler.update(here, made.id, made.state, news);
      assert.deepEqual(await stored("OBJ_assets"), before);
      assert.ok(content.equals((await os.getBlob("o"))!));
      await assert.rejects(os.putBlob({ name: "more" }, Buffer.from("x")));
      const open = store();
      assert.deepEqual((await objectStoreHandler.check(here, state, open)).problems, []);
      await objectStoreHandler.update(here, made.id, state, open);
      assert.deepEqual(await stored("OBJ_assets"), before);
      await os.putBlob({ name: "more" }, Buffer.from("x"));
      assert.deepEqual((await os.list()).map(({ name }) => name).sort(), ["more", "o"]);
      assert.deepEqual(await streamNames(js), ["OBJ_assets"]);
    });
  });
}
