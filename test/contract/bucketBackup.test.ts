import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { headers } from "nats";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { readObject } from "../../provider/apply/objects";
import { problemText } from "../../provider/errors";
import type { CallContext } from "../../provider/host/handler";
import { chunkSubject, metaSubject } from "../../provider/model/objectMeta";
import type { StreamInputs } from "../../provider/model/stream";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { storedBackups } from "../bed/storedBackups";
import { tellingContext } from "../bed/tellingContext";
import { untilRemoved } from "../bed/untilRemoved";

for (const version of serverVersions) {
  describe(`Backups in an object store, nats-server ${version}`, function () {
    this.timeout(180_000);
    const bed = jetStreamBed(version);
    const isNewest = version === serverVersions[0];
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let said: string[];
    before(() => void ({ server, connection, js } = bed()));
    beforeEach(async () => {
      said = [];
      await objectStoreHandler.create(context("ObjectStore::backups"), { bucket: "backups" });
    });
    afterEach(async () => {
      for (const name of ["ORDERS", "OBJ_backups"]) {
        await deleteStream(js, name);
        await untilRemoved(server);
      }
    });

    const context = (what = "Stream::ORDERS"): CallContext => tellingContext(server.url, what, said);
    const inputs = (change: Partial<StreamInputs> = {}): StreamInputs => ({
      name: "ORDERS",
      subjects: ["orders.>"],
      onDataLoss: "backup",
      backup: { bucket: "backups" },
      ...change,
    });
    const from = (name: string): Pick<StreamInputs, "restoreFrom"> => ({ restoreFrom: { bucket: "backups", name } });
    type Made = Awaited<ReturnType<typeof streamHandler.create>>;
    const told = async (state: Made["state"] | undefined, news: StreamInputs): Promise<string[]> => {
      const { problems } = await streamHandler.check(context(), state, news);
      return problems.map((each) => `${each.severity ?? "error"} ${each.path}: ${problemText(each)}`);
    };

    async function filled(change: Partial<StreamInputs> = {}): Promise<Made> {
      const made = await streamHandler.create(context(), inputs(change));
      await createConsumer(js, "ORDERS", { name: "invoices", durable_name: "invoices", ack_policy: "explicit" });
      for (let count = 0; count < 100; count++) {
        const marked = headers();
        marked.append("Trace", `${count}`);
        marked.append("Trace", "again");
        await connection.jetstream().publish(`orders.${count % 7}`, randomBytes(3000), { headers: marked });
      }
      await js.request("STREAM.MSG.DELETE.ORDERS", { seq: 50 }, "");
      const consumer = await connection.jetstream().consumers.get("ORDERS", "invoices");
      for await (const message of await consumer.fetch({ max_messages: 10, expires: 5000 })) await message.ackAck();
      return made;
    }

    /** Every message as the server has it, by sequence, with its time and headers. */
    async function held(stream: string): Promise<unknown[]> {
      const { state } = (await streamInfo(js, stream))!;
      const all: unknown[] = [state.first_seq, state.last_seq];
      for (let seq = Number(state.first_seq); seq <= Number(state.last_seq); seq++) {
        const answer = js.request(`STREAM.MSG.GET.${stream}`, { seq }, "").then(({ message }) => message);
        all.push(await answer.catch((error: { code: number }) => `none (${error.code})`));
      }
      return all;
    }

    it("make a stream again as it was: messages, headers, sequences, consumers; each has a name of its own", async () => {
      const made = await filled();
      const before = await held("ORDERS");
      const floor = (await consumerInfo(js, "ORDERS", "invoices"))!.ack_floor;
      await streamHandler.delete(context(), made.id, made.state);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      const { backups, objects, stray } = await storedBackups(js);
      const [name] = backups;
      assert.deepEqual(
        objects,
        ["backup.json", "stream.tar.s2", "stream.tar.s2.sha256"].map((file) => `${name}/${file}`),
      );
      assert.equal(stray, 0);
      assert.match(
        said.join("\n"),
        /^backed up 99 messages \(\d+(\.\d)? KiB\) of stream "ORDERS" to object store "backups" as ORDERS-20\S+$/m,
      );
      const news = inputs({ ...from(name!), maxMsgs: 1000 });
      assert.deepEqual(await told(undefined, news), []);
      const again = await streamHandler.create(context(), news);
      assert.deepEqual(await held("ORDERS"), before);
      assert.deepEqual((await consumerInfo(js, "ORDERS", "invoices"))!.ack_floor.stream_seq, floor.stream_seq);
      assert.equal((await streamInfo(js, "ORDERS"))!.config["max_msgs"], 1000);
      assert.deepEqual((await streamHandler.diff(context(), again.id, again.state, news)).changes, {});

      const shorter = { ...news, maxMsgs: 10 };
      assert.deepEqual(await told(again.state, shorter), []);
      const { notes = [] } = await streamHandler.diff(context(), again.id, again.state, shorter);
      assert.ok(
        notes.some(({ message }) => message === 'its 99 messages are backed up to object store "backups" before'),
        JSON.stringify(notes),
      );
      await streamHandler.update(context(), again.id, again.state, shorter);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 10);
      const two = await storedBackups(js);
      assert.deepEqual([two.backups.length, two.backups[0], two.objects.length, two.stray], [2, name, 6, 0]);
    });

    const isOldest = version === serverVersions.at(-1);
    const itOnce = isNewest ? it : (): void => undefined;
    (isNewest || isOldest ? it : itOnce)(
      "are understood by the nats CLI, and what it has put there by us",
      async () => {
        const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-backup-"));
        const made = await filled();
        const before = await held("ORDERS");
        await streamHandler.delete(context(), made.id, made.state);
        const { objects } = await storedBackups(js);
        const folder = path.join(dir, "ORDERS");
        mkdirSync(folder);
        for (const object of objects) {
          const file = path.join(folder, path.basename(object));
          await natsCli(server.url, "object", "get", "backups", object, "--output", file, "--no-progress");
        }
        await natsCli(server.url, "stream", "restore", folder, "--no-progress");
        assert.deepEqual(await held("ORDERS"), before);
        await deleteStream(js, "ORDERS");
        await streamHandler.create(context(), inputs({ restoreFrom: { dir: folder } }));
        assert.deepEqual(await held("ORDERS"), before);

        const theirs = path.join(dir, "theirs");
        await natsCli(server.url, "stream", "backup", "ORDERS", theirs, "--no-progress");
        await deleteStream(js, "ORDERS");
        for (const file of readdirSync(theirs)) {
          const args = ["backups", path.join(theirs, file), "--name", `theirs/${file}`, "--no-progress", "--force"];
          await natsCli(server.url, "object", "put", ...args);
        }
        await streamHandler.create(context(), inputs(from("theirs")));
        assert.deepEqual(await held("ORDERS"), before);
        rmSync(dir, { recursive: true });
      },
    );

    it("say in the preview why there could be none: no store, a sealed or full one, the bucket itself", async () => {
      const made = await filled();
      const losing = (change: Partial<StreamInputs>): Promise<string[]> =>
        told(made.state, inputs({ maxMsgs: 10, ...change }));
      const nowhere = { backup: { bucket: "nowhere" } };
      const missing = `there is no object store "nowhere". Fix: make it before, by new nats.ObjectStore("nowhere") and backup: { bucket: backups.bucket }`;
      assert.deepEqual(await losing(nowhere), [`error backup.bucket: ${missing}`]);
      assert.deepEqual(await told(made.state, inputs(nowhere)), [`warning backup.bucket: ${missing}`]);
      assert.deepEqual(await told(made.state, inputs()), []);
      await assert.rejects(
        streamHandler.delete(context(), made.id, { ...made.state, ...nowhere }),
        /^NatsError: the backup of stream "ORDERS" can't be written to object store "nowhere": there is no such store\. Fix: make it/,
      );
      const { problems } = await objectStoreHandler.check(context("ObjectStore::nowhere"), undefined, {
        bucket: "nowhere",
      });
      assert.deepEqual(problems, []);
      assert.deepEqual(await losing(nowhere), [], "the same program makes it");

      const own = await objectStoreHandler.check(context("ObjectStore::own"), undefined, {
        bucket: "own",
        onDataLoss: "backup",
        backup: { bucket: "own" },
        restoreFrom: { bucket: "own", name: "x" },
      });
      assert.deepEqual(
        own.problems.map(({ path: at, reason }) => `${at}: ${reason}`),
        [
          'backup.bucket: "own" is the object store itself, which goes with what it holds',
          'restoreFrom.bucket: "own" is the object store itself, which is not there before it is made',
        ],
      );
      for (const [change, text] of [
        [
          { backup: { bucket: "backups", dir: "x" } },
          /^error backup\.dir: it is one of the two, bucket or dir\. Fix: leave/,
        ],
        [{ backup: { bucket: "my.own" } }, /^error backup\.bucket: "my\.own" can't name a bucket.*Fix: .*"my_own"/],
        [{ backup: {} }, /^error backup: a folder or an object store is wanted\. Fix: backup: \{ dir: .*bucket: "back/],
        [{ restoreFrom: { bucket: "backups" } }, /^error restoreFrom\.name: it is not said which one of object store/],
        [from("X/backup.json"), /^error restoreFrom\.name: .* is one object of a backup\. Fix: name: "X"$/],
      ] as const) {
        assert.match((await told(made.state, inputs(change as never))).join("\n"), text);
      }

      const limit = async (maxBytes: number): Promise<void> => {
        const { config } = (await streamInfo(js, "OBJ_backups"))!;
        await js.request("STREAM.UPDATE.OBJ_backups", { ...config, max_bytes: maxBytes }, "");
      };
      await limit(20_000);
      const [tight, ...more] = await losing({});
      assert.deepEqual(more, []);
      assert.match(
        tight!,
        /^warning backup\.bucket: 29\d KiB are to be backed up, and object store "backups" has room for 20 KiB: where .*Fix: raise its maxBytes/,
      );
      await assert.rejects(
        streamHandler.delete(context(), made.id, made.state),
        /the backup of stream "ORDERS" can't be written to object store "backups": object "ORDERS-\S+\/stream\.tar\.s2" of store "backups": maximum bytes exceeded \(10077\).*Fix: raise maxBytes/,
      );
      const { config, state } = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([config["subjects"], state.messages], [["orders.>"], 99]);
      assert.deepEqual(await storedBackups(js), { backups: [], objects: [], stray: 0 });
      await limit(1000);
      assert.match(
        (await losing({})).join("\n"),
        /^error backup\.bucket: object store "backups" is full: it has room for/,
      );
      await limit(-1);
      await js.request(
        "STREAM.UPDATE.OBJ_backups",
        { ...(await streamInfo(js, "OBJ_backups"))!.config, sealed: true },
        "",
      );
      assert.match((await losing({})).join("\n"), /^error backup\.bucket: object store "backups" is sealed/);
    });

    it("are refused where they are damaged or none, and nothing is deleted for them", async () => {
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      const [name] = (await storedBackups(js)).backups;
      const current = await filled({ retention: "workqueue" });
      const news = inputs(from(name!));
      assert.deepEqual(await told(current.state, news), []);
      assert.match(
        (await told(current.state, { ...news, storage: "memory" })).join("\n"),
        /^error restoreFrom\.name: "ORDERS-\S+" of object store "backups" was a stream with storage "file".*Fix: storage: "file"$/m,
      );
      for (const [source, text] of [
        [
          { bucket: "backups", name: "ORDERS" },
          /^error restoreFrom\.name: "ORDERS" of object store "backups" is no backup/,
        ],
        [{ bucket: "none", name: name! }, /^error restoreFrom\.name: there is no object store "none"/],
      ] as const) {
        assert.match((await told(current.state, { ...news, restoreFrom: source })).join("\n"), text);
      }
      // Another chunk in place of the last one.
      const object = { bucket: "backups", name: `${name}/stream.tar.s2` };
      const { meta } = (await readObject(js, object))!;
      const chunks = chunkSubject("backups", meta.nuid);
      const { message } = await js.request("STREAM.MSG.GET.OBJ_backups", { last_by_subj: chunks }, "");
      const { seq, data } = message as { readonly seq: number; readonly data: string };
      const bytes = Buffer.from(data, "base64");
      bytes[Math.floor(bytes.length / 2)]! ^= 1;
      await js.request("STREAM.MSG.DELETE.OBJ_backups", { seq }, "");
      await connection.jetstream().publish(chunks, bytes);
      const seen =
        /stream\.tar\.s2 of "ORDERS-\S+" of object store "backups" is damaged: its chunks are not those that/;
      assert.match(
        (await told(current.state, news)).join("\n"),
        new RegExp(`^error restoreFrom\\.name: ${seen.source}`),
      );
      // As if the entry were written after it: only who reads it all sees it.
      await connection.jetstream().publish(metaSubject("backups", object.name), JSON.stringify(meta), {
        headers: rollup(),
      });
      assert.deepEqual(await told(current.state, news), []);
      assert.equal((await streamHandler.diff(context(), current.id, current.state, news)).deleteBeforeReplace, true);
      await assert.rejects(
        streamHandler.delete(context(), current.id, current.state),
        /^NatsError: stream "ORDERS" stays: .* is damaged: its digest is SHA-256=\S+, and its entry says SHA-256=\S+ Fix: another backup/,
      );
      // Those that its consumer has acknowledged are gone from a work queue.
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 89);
      await deleteStream(js, "ORDERS");
      await assert.rejects(streamHandler.create(context(), news), /is damaged: its digest is/);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      // Another object under its name.
      const other = { ...meta, digest: "SHA-256=AAAA", nuid: "other" };
      await connection.jetstream().publish(metaSubject("backups", object.name), JSON.stringify(other), {
        headers: rollup(),
      });
      assert.match(
        (await told(undefined, news)).join("\n"),
        /is damaged: its SHA-256 is 000000, and stream\.tar\.s2\.sha256 says \w{64}\. Fix: another backup/,
      );
    });

    const rollup = () => {
      const all = headers();
      all.append("Nats-Rollup", "sub");
      return all;
    };

    it("are taken of key-value buckets, object stores and maps of streams", async () => {
      const options = { onDataLoss: "backup", backup: { bucket: "backups" } } as const;
      const bucket = await keyValueHandler.create(context("KeyValue::b"), { bucket: "b", ...options });
      await connection.jetstream().publish("$KV.b.key", "value");
      const assets = await objectStoreHandler.create(context("ObjectStore::assets"), { bucket: "assets", ...options });
      const base64 = randomBytes(300_000).toString("base64");
      const logo = { bucket: "assets", name: "logo", base64 };
      const { state: object } = await storedObjectHandler.create(context("StoredObject::logo"), logo);
      const streams = { streams: { A: { subjects: ["a"] }, B: { subjects: ["b"] }, C: {} }, ...options };
      const { state: all } = await streamsHandler.create(context("Streams::all"), streams);
      for (const subject of ["a", "b"]) await connection.jetstream().publish(subject, subject);
      const rest = { ...streams, streams: { C: {} } };
      const { notes = [] } = await streamsHandler.diff(context("Streams::all"), "all", all, rest);
      assert.deepEqual(
        notes.map(({ message }) => message),
        ['2 streams ("A", "B"): is deleted, with 1 message, backed up to object store "backups" before'],
      );
      const nowhere = { ...rest, backup: { bucket: "none" } };
      const open = { ...all, backup: { bucket: "none" } };
      const { problems } = await streamsHandler.check(context("Streams::all"), open, nowhere);
      assert.deepEqual(
        problems.map(({ path: at, reason }) => `${at}: ${reason}`),
        ['streams.A: there is no object store "none"', 'streams.B: there is no object store "none"'],
      );
      await streamsHandler.update(context("Streams::all"), "all", all, rest);
      const [before, values] = [await held("OBJ_assets"), await held("KV_b")];
      await keyValueHandler.delete(context("KeyValue::b"), bucket.id, bucket.state);
      await objectStoreHandler.delete(context("ObjectStore::assets"), assets.id, assets.state);
      const { backups } = await storedBackups(js);
      assert.deepEqual(
        backups.map((name) => name.replace(/-20.*/, "")),
        ["A", "B", "KV_b", "OBJ_assets"],
      );
      await keyValueHandler.create(context("KeyValue::b"), { bucket: "b", ...from(backups[2]!) });
      await objectStoreHandler.create(context("ObjectStore::assets"), { bucket: "assets", ...from(backups[3]!) });
      assert.deepEqual([await held("OBJ_assets"), await held("KV_b")], [before, values]);
      const again = (await storedObjectHandler.read(context("StoredObject::logo"), "assets/logo", object))!;
      assert.equal(again.state.digest, object.digest);
      const back = { streams: { C: {}, A: { subjects: ["a"], ...from(backups[0]!) } } };
      await streamsHandler.update(context("Streams::all"), "all", { streams: { C: {} } }, back);
      assert.equal((await streamInfo(js, "A"))!.state.messages, 1);
      for (const stream of ["A", "C", "KV_b", "OBJ_assets"]) await deleteStream(js, stream);
    });

    it("of a stream in memory: told where the server takes none, and kept where it does", async () => {
      const made = await filled({ storage: "memory" });
      const takes = isNewest;
      const none = `stream "ORDERS" is in memory, and nats-server ${version} takes no snapshot of that (10064); 2.15 and later do. Fix: upgrade the servers first, or onDataLoss: "allow"`;
      const shorter = inputs({ storage: "memory", maxMsgs: 10 });
      assert.deepEqual(await told(made.state, shorter), takes ? [] : [`error onDataLoss: ${none}`]);
      const fresh = inputs({ storage: "memory", name: "FRESH", subjects: ["fresh"] });
      const warning = `warning onDataLoss: ${none.replace("ORDERS", "FRESH")}`;
      assert.deepEqual(await told(undefined, fresh), takes ? [] : [warning]);
      const onDisk = await told(made.state, inputs());
      const byMirror = version === "2.11.17" ? "" : ', or replaceBy: "mirror", which keeps the messages';
      assert.deepEqual(onDisk, takes ? [] : [`error onDataLoss: ${none}${byMirror}`]);
      assert.deepEqual(await told(made.state, inputs({ storage: "memory" })), []);
      const before = await held("ORDERS");
      const work = streamHandler.delete(context(), made.id, made.state);
      if (takes) {
        await work;
        const [name] = (await storedBackups(js)).backups;
        await streamHandler.create(context(), inputs({ storage: "memory", ...from(name!) }));
        assert.deepEqual(await held("ORDERS"), before);
        return;
      }
      await assert.rejects(work, (error: Error) => error.message === none);
      const { config, state } = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([config["subjects"], state.messages], [["orders.>"], 99]);
      await assert.rejects(
        js.request("STREAM.SNAPSHOT.ORDERS", { deliver_subject: "x" }, "x"),
        /10064.*Fix: .*"allow"/,
      );
    });
  });
}
