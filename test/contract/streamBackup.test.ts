import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { createConsumer, listConsumers } from "../../provider/apply/jetstreamConsumers";
import { deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import type { CallContext } from "../../provider/host/handler";
import type { StreamInputs } from "../../provider/model/stream";
import { streamHandler } from "../../provider/resources/streamHandler";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { requireTool } from "../bed/requireTool";

for (const version of serverVersions) {
  describe(`Backups of streams, nats-server ${version}`, function () {
    this.timeout(60_000);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    let dir: string;
    let said: string[];
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      js = new JetStream(connection);
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await server.stop();
    });
    beforeEach(() => {
      dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-backup-"));
      said = [];
    });
    afterEach(async () => {
      rmSync(dir, { recursive: true, force: true });
      await deleteStream(js, "ORDERS");
    });

    const context = (): CallContext => ({
      config: new Map([["servers", server.url]]),
      urn: "urn:pulumi:test::test::nats:Stream::ORDERS",
      timeout: 20_000,
      warn: async (line) => void said.push(line),
      info: async (line) => void said.push(line),
    });
    const inputs = (change: Partial<StreamInputs> = {}): StreamInputs => ({
      name: "ORDERS",
      subjects: ["orders.>"],
      onDataLoss: "backup",
      backup: { dir },
      ...change,
    });
    const backups = (): string[] => readdirSync(dir).map((name) => path.join(dir, name));

    async function filled(change: Partial<StreamInputs> = {}): ReturnType<typeof streamHandler.create> {
      const made = await streamHandler.create(context(), inputs(change));
      await createConsumer(js, "ORDERS", { name: "invoices", durable_name: "invoices", ack_policy: "explicit" });
      for (let count = 0; count < 500; count++) {
        await connection.jetstream().publish(`orders.${count % 7}`, Buffer.alloc(700, count));
      }
      return made;
    }

    it("are taken before a stream is deleted, and make it again with messages and consumers", async () => {
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
      const [backup, ...others] = backups();
      assert.deepEqual(others, []);
      assert.match(said.join("\n"), /backed up 500 messages \(\d+.*\) of stream "ORDERS" to .*ORDERS-20/);
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
        promisify(execFile)(nats, ["--server", server.url, "--no-context", ...args]);
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      await call("stream", "restore", backups()[0]!, "--no-progress");
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
      const theirs = path.join(dir, "theirs");
      await call("stream", "backup", "ORDERS", theirs, "--no-progress");
      await deleteStream(js, "ORDERS");
      await streamHandler.create(context(), inputs({ restoreFrom: { dir: theirs } }));
      assert.equal((await streamInfo(js, "ORDERS"))!.state.messages, 500);
    });

    it("are refused where they are damaged or of another stream, and nothing is left", async () => {
      const made = await filled();
      await streamHandler.delete(context(), made.id, made.state);
      const [backup] = backups();
      const restore = (change: Partial<StreamInputs> = {}): Promise<unknown> =>
        streamHandler.create(context(), inputs({ restoreFrom: { dir: backup! }, ...change }));
      await assert.rejects(restore({ name: "OTHER" }), /holds stream "ORDERS".*Fix: name: "ORDERS"/);
      await assert.rejects(restore({ storage: "memory" }), /was a stream with storage "file".*Fix: storage: "file"/);
      await assert.rejects(restore({ restoreFrom: { dir: tmpdir() } }), /is no backup of a stream\. Fix: the folder/);
      const data = path.join(backup!, "stream.tar.s2");
      truncateSync(data, Math.floor(statSync(data).size / 2));
      await assert.rejects(restore(), /restoring stream "ORDERS": restore failed/);
      assert.equal(await streamInfo(js, "ORDERS"), undefined);
    });

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
