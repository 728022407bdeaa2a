import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { JetStream } from "../../provider/apply/jetstream";
import { listConsumers } from "../../provider/apply/jetstreamConsumers";
import { deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import { settledInfo } from "../../provider/apply/parkedStream";
import { waitFor } from "../../provider/apply/wait";
import { NatsError, problemText } from "../../provider/errors";
import type { StreamInputs } from "../../provider/model/stream";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsState } from "../../provider/resources/streamsHandler";
import { backedUpOrders } from "../bed/backedUpOrders";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { PublishLoad } from "../bed/publishLoad";
import { requireTool } from "../bed/requireTool";

for (const version of serverVersions) {
  describe(`Backups of streams, nats-server ${version}`, function () {
    this.timeout(180_000);
    const orders = backedUpOrders(version);
    const { context, inputs, backups, filled } = orders;
    let server: NatsServer;
    let js: JetStream;
    let dir: string;
    let said: string[];
    before(() => void ({ server, js } = orders.server()));
    beforeEach(() => void ([dir, said] = [orders.dir(), orders.said()]));

    it("are taken before a stream is deleted, and make it again with messages and consumers", async () => {
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      const [backup, ...others] = backups();
      assert.deepEqual(others, []);
      assert.match(said.join("\n"), /backed up 500 messages \(\d+ ?(bytes|KiB)\) of stream "ORDERS" to .*ORDERS-20/);
      assert.equal(statSync(backup!).mode & 0o777, 0o700);
      assert.equal(statSync(path.join(backup!, "stream.tar.s2")).mode & 0o777, 0o600);

      const again = await streamHandler.create(context(), inputs({ restoreFrom: { dir: backup! }, maxMsgs: 1000 }));
      const info = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([info.state.messages, info.state.last_seq, info.config["max_msgs"]], [500, 500, 1000]);
      assert.deepEqual(
        (await listConsumers(js, "ORDERS")).map(({ name }) => name),
        ["invoices"],
      );
      const next = inputs({ restoreFrom: { dir: backup! }, maxMsgs: 1000 });
      assert.deepEqual((await streamHandler.diff(context(), again.id, again.state, next)).changes, {});
    });

    it("are taken before a change deletes messages, which the preview says", async () => {
      const made = await filled();
      const news = inputs({ maxMsgs: 100 });
      assert.deepEqual((await streamHandler.check(context(), made.state, news)).problems, []);
      const { notes = [] } = await streamHandler.diff(context(), made.id, made.state, news);
      assert.ok(
        notes.some(({ message }) => message.startsWith(`its 500 messages are backed up to ${dir}`)),
        JSON.stringify(notes),
      );
      await streamHandler.update(context(), made.id, made.state, news);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 100);
      assert.equal(backups().length, 1);
    });

    it("leave everything as it is where they can't be written", async () => {
      const made = await filled();
      const file = path.join(dir, "file");
      writeFileSync(file, "");
      const nowhere = { ...made.state, backup: { dir: file } };
      await assert.rejects(streamHandler.delete(context(), made.id, nowhere), /can't be written to .*file: ENOTDIR/);
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
    });

    it("are understood by the nats CLI, and the CLI's by us", async function () {
      const nats = await requireTool(this, "nats", "0.4.0");
      const call = (...args: string[]): Promise<unknown> =>
        promisify(execFile)(nats, ["--server", server.url, "--no-context", "--timeout", "30s", ...args]);
      const made = await filled();
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
      await streamHandler.delete(context(), made.id, made.state);
      assert.match(said.join("\n"), /backed up 500 messages/);
      await call("stream", "restore", backups()[0]!, "--no-progress");
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
      const theirs = path.join(dir, "theirs");
      await call("stream", "backup", "ORDERS", theirs, "--no-progress");
      await deleteStream(js, "ORDERS");
      await streamHandler.create(context(), inputs({ restoreFrom: { dir: theirs } }));
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
    });

    it("are read whole before anything is deleted for them, and by a preview only where they are small", async () => {
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      const [backup] = backups();
      const data = path.join(backup!, "stream.tar.s2");
      const facts = path.join(backup!, "backup.json");
      assert.equal((JSON.parse(readFileSync(facts, "utf8")) as { readonly size: number }).size, statSync(data).size);
      const current = await filled({ retention: "workqueue" });
      const news = inputs({ restoreFrom: { dir: backup! } });
      const replacing = inputs({ storage: "memory", restoreFrom: { dir: backup! } });
      const problems = async (wanted: StreamInputs): Promise<string> =>
        (await streamHandler.check(context(), current.state, wanted)).problems.map(problemText).join("\n");
      assert.match(await problems(replacing), /was a stream with storage "file"/);
      assert.equal(await problems(news), "");
      // 300 MiB, of which the disk has a few.
      truncateSync(data, 300 * 1024 * 1024);
      assert.match(
        await problems(news),
        /is damaged: it has 314572800 bytes, and backup\.json says \d+\. Fix: another/,
      );
      const text = readFileSync(facts, "utf8");
      writeFileSync(facts, text.replace(/"size":\d+/, '"size":314572800'));
      const before = bytesRead();
      assert.equal(await problems(news), "");
      assert.ok(bytesRead() - before < 20_000_000, `${bytesRead() - before} bytes were read`);
      // As `up` goes on: it compares, then deletes.
      assert.equal((await streamHandler.diff(context(), current.id, current.state, news)).deleteBeforeReplace, true);
      await assert.rejects(
        streamHandler.delete(context(), current.id, current.state),
        /^NatsError: stream "ORDERS" stays: \S+ is damaged: its SHA-256 is \w{64}, and stream\.tar\.s2\.sha256 says \w{64}\. Fix: another backup/,
      );
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
      const { name, ...own } = news;
      const streams = { streams: { [name]: own } };
      const former = { streams: { [name]: inputs({ name, retention: "workqueue" }) } } as unknown as StreamsState;
      await assert.rejects(
        streamsHandler.update(context(), "all", former, streams),
        /stream "ORDERS": stays: \S+ is damaged/,
      );
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
      await deleteStream(js, "ORDERS");
      await assert.rejects(streamHandler.create(context(), news), /is damaged: its SHA-256/);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      rmSync(data);
      mkdirSync(data);
      assert.match(await problems(news), /^stream\.tar\.s2 of \S+ can't be read: EISDIR.*\. Fix: another backup/);
    });

    it("hold all that publishers got acknowledged until the end, however busy the stream is", async () => {
      const made = await filled();
      const options = { servers: [server.url], stream: "ORDERS", subject: "orders.load", publishers: 4, pause: 2 };
      const load = await PublishLoad.start(options);
      const before = await waitFor<number>("load", { timeout: 60_000 }, async () =>
        load.acknowledged > 200 ? { value: load.acknowledged } : { pending: `${load.acknowledged}` },
      );
      assert.equal(await settledInfo(js, "ORDERS", 500), "flowing");
      await streamHandler.delete(context(), made.id, made.state);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      const last = backups().sort().at(-1)!;
      assert.equal(backups().length, 2, "what came in during the first one is in a second one");
      await streamHandler.create(context(), inputs({ restoreFrom: { dir: last } }));
      const info = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual(info.config["subjects"], ["orders.>"]);
      assert.ok(info.state.messages >= 500 + before);
      const { lost, duplicated } = await load.stop();
      assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
      assert.notEqual(await settledInfo(js, "ORDERS"), "flowing");
    });

    it("give a stream its subjects back where it can't be deleted, and go on where they could not", async () => {
      const made = await filled();
      await failing(/^STREAM\.DELETE/, async () => {
        await assert.rejects(streamHandler.delete(context(), made.id, made.state), /no delete today$/);
      });
      const { config, state } = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([config["subjects"], state.messages], [["orders.>"], 500]);
      const live = (await streamHandler.read(context(), made.id, made.state))!;
      assert.deepEqual(live.inputs, inputs());

      // Killed after the subjects were taken away: nothing is sent any more.
      await failing(/^STREAM\.(DELETE|UPDATE)/, async () => {
        await assert.rejects(
          streamHandler.delete(context(), made.id, made.state),
          /stream "ORDERS" stores nothing now: .* \(no delete today\)\. Fix: run the same again; or, to keep it, `pulumi refresh`/s,
        );
      });
      assert.deepEqual((await streamInfo(js, "ORDERS"))!.config["subjects"], ["pulumi-nats.parked.ORDERS"]);
      const seen = (await streamHandler.read(context(), made.id, made.state))!;
      assert.deepEqual(seen.inputs.subjects, ["pulumi-nats.parked.ORDERS"]);
      // A program that keeps it is told without a refresh too.
      const { changes, notes = [] } = await streamHandler.diff(context(), made.id, made.state, inputs());
      assert.deepEqual(changes, { subjects: "update" });
      assert.match(
        notes[0]!.message,
        /^stream "ORDERS" stores nothing: its subjects were taken away .*; `up` gives them/,
      );
      await streamHandler.update(context(), made.id, made.state, inputs());
      assert.deepEqual((await streamInfo(js, "ORDERS"))!.config, config);
      assert.deepEqual((await streamHandler.diff(context(), made.id, made.state, inputs())).changes, {});
      await failing(/^STREAM\.(DELETE|UPDATE)/, async () => {
        await assert.rejects(streamHandler.delete(context(), made.id, made.state), /stores nothing now/);
      });
      await streamHandler.update(context(), made.id, seen.state, inputs());
      assert.deepEqual((await streamInfo(js, "ORDERS"))!.config, config);

      await failing(/^STREAM\.(DELETE|UPDATE)/, async () => {
        await assert.rejects(streamHandler.delete(context(), made.id, made.state), /stores nothing now/);
      });
      for (const each of backups()) rmSync(each, { recursive: true });
      await streamHandler.delete(context(), made.id, made.state);
      await streamHandler.create(context(), inputs({ restoreFrom: { dir: backups()[0]! } }));
      assert.deepEqual((await streamInfo(js, "ORDERS"))!.config["subjects"], ["orders.>"]);
    });

    it("are taken although who runs pulumi lifts refusals", async () => {
      const made = await filled();
      process.env["PULUMI_NATS_ON_DATA_LOSS"] = "allow";
      try {
        const nowhere = { ...made.state, backup: { dir: "/dev/null" } };
        await assert.rejects(
          streamHandler.delete(context(), made.id, nowhere),
          /can't be written to \/dev\/null: ENOTDIR.*Fix: another backup: \{ dir \}, or onDataLoss: "allow"/,
        );
        await streamHandler.delete(context(), made.id, made.state);
      } finally {
        delete process.env["PULUMI_NATS_ON_DATA_LOSS"];
      }
      assert.equal(backups().length, 1);
    });

    it("are taken of mirrors and buckets too", async () => {
      const made = await filled();
      const mirror = await streamHandler.create(context(), {
        name: "COPY",
        mirror: { name: "ORDERS" },
        onDataLoss: "backup",
        backup: { dir },
      });
      await waitFor<true>("copied", { timeout: 60_000 }, async () =>
        (await streamInfo(js, "COPY"))!.state.messages === 500 ? { value: true } : { pending: "not yet" },
      );
      await streamHandler.delete(context(), mirror.id, mirror.state);
      assert.equal(await streamInfo(js, "COPY"), undefined);
      await streamHandler.delete(context(), made.id, made.state);
      const bucket = await keyValueHandler.create(context(), { bucket: "b", onDataLoss: "backup", backup: { dir } });
      await js.connection.jetstream().publish("$KV.b.key", "value");
      await keyValueHandler.delete(context(), bucket.id, bucket.state);
      const found = backups().find((each) => path.basename(each).startsWith("KV_b"))!;
      await keyValueHandler.create(context(), { bucket: "b", restoreFrom: { dir: found } });
      const info = (await streamInfo(js, "KV_b"))!;
      assert.deepEqual([info.config["subjects"], info.state.messages], [["$KV.b.>"], 1]);
      await deleteStream(js, "KV_b");
    });

    /** Lets requests fail: deletes at once, updates of a stream only once its subjects are away. */
    async function failing(which: RegExp, work: () => Promise<void>): Promise<void> {
      // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
      const { request } = JetStream.prototype;
      let parked = false;
      JetStream.prototype.request = async function (this: JetStream, subject, payload, what, there) {
        const fails = which.test(subject) && (subject.startsWith("STREAM.DELETE") || parked);
        if (fails) throw new NatsError("no delete today");
        if (subject.startsWith("STREAM.UPDATE")) parked = true;
        return request.call(this, subject, payload, what, there);
      };
      try {
        await work();
      } finally {
        JetStream.prototype.request = request;
      }
    }

    it("must be told where to go", async () => {
      const { backup: _backup, ...rest } = inputs();
      const { problems } = await streamHandler.check(context(), undefined, rest);
      assert.deepEqual(
        problems.map(({ path: at, reason, fix }) => [at, reason, fix]),
        [["backup", "it is not said where to", 'backup: { dir: "./backups" }']],
      );
      const bad = await streamHandler.check(context(), undefined, inputs({ backup: "here" as never }));
      assert.deepEqual(
        bad.problems.map(({ path: at }) => at),
        ["backup"],
      );
      assert.ok(!existsSync("here"));
    });
  });
}

/** By this process, from its start. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))![1]);
}
