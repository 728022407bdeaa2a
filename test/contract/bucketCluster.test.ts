import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { consumerInfo, createConsumer } from "../../provider/apply/jetstreamConsumers";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { sleep, waitFor } from "../../provider/apply/wait";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import type { StreamInputs } from "../../provider/model/stream";
import { keyValueEntryHandler } from "../../provider/resources/keyValueEntryHandler";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { streamHandler } from "../../provider/resources/streamHandler";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { pull } from "../bed/pull";
import { streamMessages } from "../bed/streamMessages";
import { untilHeard } from "../bed/untilHeard";
import { untilReplicated } from "../bed/untilReplicated";
import { contextOf } from "./suite";

describe("A bucket on three servers", () => {
  const servers: NatsServer[] = [];
  let connection: NatsConnection;
  let js: JetStream;
  before(async function () {
    this.timeout(180_000);
    servers.push(...(await startJetStreamCluster(serverVersions[0])));
    connection = await connect({ servers: servers[0]!.url });
    js = new JetStream(connection, { timeout: 20_000 });
    await js.accountInfo();
  });
  after(async () => {
    await connection.close();
    await closeConnections();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("gets its replicas by an update, with its values, and is back when all are current", async () => {
    const { context } = contextOf(new Map([["servers", servers[0]!.url]]), "urn:scaled");
    const inputs: KeyValueInputs = { bucket: "scaled" };
    const { state } = await keyValueHandler.create(context, inputs);
    for (let key = 0; key < 100; key++) await connection.jetstream().publish(`$KV.scaled.k${key}`, "x", untilHeard);
    const news: KeyValueInputs = { bucket: "scaled", replicas: 3 };
    assert.deepEqual((await keyValueHandler.check(context, state, news)).problems, []);
    const diff = await keyValueHandler.diff(context, "scaled", state, news);
    assert.deepEqual(diff.changes, { replicas: "add" });
    assert.match(diff.notes![0]!.message, /^replicas: scales in place; waits until 3 replicas are current$/);
    await keyValueHandler.update(context, "scaled", state, news);
    const { config, cluster, state: stored } = (await streamInfo(js, "KV_scaled"))!;
    assert.deepEqual([config["num_replicas"], stored.messages], [3, 100]);
    assert.deepEqual(
      cluster!.replicas!.map((peer) => peer.current),
      [true, true],
    );
  });

  const stepDown = async (stream: string): Promise<void> => {
    await js.request(`STREAM.LEADER.STEPDOWN.${stream}`, undefined, stream);
  };
  /** `timeout`: enough for an election on a busy machine. */
  const context = (timeout = "30s") => {
    const config = new Map([
      ["servers", servers[0]!.url],
      ["timeout", timeout],
    ]);
    return contextOf(config, "urn:steady").context;
  };

  it("is written while its leader changes: every value once, in order", async function () {
    this.timeout(180_000);
    await keyValueHandler.create(context(), { bucket: "steady", replicas: 3, history: 64 });
    const entry = { bucket: "steady", key: "k" };
    let { state } = await keyValueEntryHandler.create(context(), { ...entry, value: "0" });
    for (let value = 1; value <= 40; value++) {
      if (value % 8 === 4) void stepDown("KV_steady").catch(() => {});
      state = await keyValueEntryHandler.update(context(), "steady/k", state, { ...entry, value: String(value) });
    }
    await untilReplicated(js, "KV_steady");
    const kv = await connection.jetstream().views.kv("steady", { bindOnly: true });
    const values: string[] = [];
    for await (const each of await kv.history({ key: "k" })) values.push(each.string());
    assert.deepEqual(
      values,
      Array.from({ length: 41 }, (_, value) => String(value)),
    );
  });

  it("takes an object while its leader changes: whole, with no chunk twice", async function () {
    this.timeout(180_000);
    await objectStoreHandler.create(context(), { bucket: "steady", replicas: 3 });
    const content = Buffer.alloc(24 * 1024 * 1024);
    for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, at);
    const object = { bucket: "steady", name: "o", base64: content.toString("base64") };
    let left = 3;
    const watcher = setInterval(() => left-- > 0 && void stepDown("OBJ_steady").catch(() => {}), 250);
    const { state } = await storedObjectHandler.create(context(), object).finally(() => clearInterval(watcher));
    assert.equal(state.chunks, 192);
    await untilReplicated(js, "OBJ_steady");
    const os = await connection.jetstream().views.os("steady");
    assert.ok(content.equals((await os.getBlob("o"))!));
    const { state: stored } = (await streamInfo(js, "OBJ_steady", { subjects: true }))!;
    assert.equal(stored.messages, 193, JSON.stringify(stored.subjects));
  });

  it("is backed up to a store whose leader changes, and made from there again", async function () {
    this.timeout(180_000);
    await objectStoreHandler.create(context(), { bucket: "backups", replicas: 3 });
    const inputs: KeyValueInputs = {
      bucket: "kept",
      replicas: 3,
      onDataLoss: "backup",
      backup: { bucket: "backups" },
    };
    const { state } = await keyValueHandler.create(context(), inputs);
    const values = Array.from({ length: 40 }, () => randomBytes(200_000));
    for (const [key, value] of values.entries()) {
      await connection.jetstream().publish(`$KV.kept.k${key}`, value, untilHeard);
    }
    let left = 2;
    const watcher = setInterval(() => left-- > 0 && void stepDown("OBJ_backups").catch(() => {}), 150);
    await keyValueHandler.delete(context(), "kept", state).finally(() => clearInterval(watcher));
    assert.equal(await streamInfo(js, "KV_kept"), undefined);
    const os = await connection.jetstream().views.os("backups");
    const names = (await os.list()).map(({ name }) => name.split("/"));
    assert.deepEqual(names.map(([, file]) => file).sort(), ["backup.json", "stream.tar.s2", "stream.tar.s2.sha256"]);
    await keyValueHandler.create(context(), { ...inputs, restoreFrom: { bucket: "backups", name: names[0]![0]! } });
    const kv = await connection.jetstream().views.kv("kept", { bindOnly: true });
    for (const [key, value] of values.entries()) assert.ok(value.equals((await kv.get(`k${key}`))!.value));
    assert.equal((await streamInfo(js, "KV_kept"))!.config["num_replicas"], 3);
  });

  it("is replaced by way of a mirror with its values, while it is written", async function () {
    this.timeout(180_000);
    const inputs: KeyValueInputs = { bucket: "steadier", replicas: 3, replaceBy: "mirror" };
    const { state } = await keyValueHandler.create(context(), inputs);
    await connection.jetstream().publish("$KV.steadier.first", "x", untilHeard);
    const kv = await connection.jetstream().views.kv("steadier", { bindOnly: true });
    let [written, isOver] = [0, false];
    const writing = (async () => {
      while (!isOver) {
        await kv.put(`k${written}`, `${written}`).then(
          () => written++,
          () => {},
        );
        await sleep(1);
      }
    })();
    await keyValueHandler.update(context(), "steadier", state, { ...inputs, storage: "memory" });
    isOver = true;
    await writing;
    await untilReplicated(js, "KV_steadier");
    const { config, cluster, state: stored } = (await streamInfo(js, "KV_steadier"))!;
    assert.deepEqual([config["storage"], cluster!.replicas!.length], ["memory", 2]);
    assert.ok(written > 10 && stored.messages >= written + 1, `${written} of ${stored.messages}`);
    for (let key = 0; key < written; key++) assert.equal((await kv.get(`k${key}`))!.string(), `${key}`);
  });

  it("makes a stream on other servers than it was taken on, from a folder and from a store that was carried over", async function () {
    this.timeout(180_000);
    const other = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`);
    const there = await connect({ servers: other.url });
    const elsewhere = new JetStream(there);
    const alone = (urn: string) => contextOf(new Map([["servers", other.url]]), urn).context;
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-backup-"));
    const contents = (of: JetStream): Promise<object[]> => streamMessages(of, "ORDERS");
    const inputs = (change: Partial<StreamInputs>): StreamInputs => ({
      name: "ORDERS",
      subjects: ["orders.>"],
      onDataLoss: "backup",
      ...change,
    });
    try {
      const near: Partial<StreamInputs> = { replicas: 3, placement: { cluster: "C" } };
      const first = inputs({ ...near, backup: { dir } });
      const { state } = await streamHandler.create(context(), first);
      const config = { name: "late", durable_name: "late", ack_policy: "explicit" };
      await createConsumer(js, "ORDERS", config);
      for (let index = 0; index < 50; index++) {
        await connection.jetstream().publish("orders.x", `${index}`, untilHeard);
      }
      for await (const message of pull(connection, ["ORDERS", "late"], 20)) await message.ackAck();
      await untilReplicated(js, "ORDERS");
      const before = await contents(js);
      await streamHandler.delete(context(), "ORDERS", state);
      const [taken] = readdirSync(dir);

      // Three servers of a cluster to one, from the folder; then back, by way of a store there and one here.
      await objectStoreHandler.create(alone("urn:backups"), { bucket: "backups" });
      const restoreFrom = { dir: path.join(dir, taken!) };
      const second = inputs({ restoreFrom, backup: { bucket: "backups" } });
      assert.deepEqual((await streamHandler.check(alone("urn:orders"), undefined, second)).problems, []);
      const moved = await streamHandler.create(alone("urn:orders"), second);
      assert.deepEqual(await contents(elsewhere), before);
      assert.equal((await consumerInfo(elsewhere, "ORDERS", "late"))!.num_pending, 30);
      assert.equal((await streamInfo(elsewhere, "ORDERS"))!.config["placement"], undefined);
      assert.deepEqual((await streamHandler.diff(alone("urn:orders"), "ORDERS", moved.state, second)).changes, {});
      await streamHandler.delete(alone("urn:orders"), "ORDERS", moved.state);
      const [from, to] = [
        await there.jetstream().views.os("backups"),
        await connection.jetstream().views.os("carried"),
      ];
      const objects = await from.list();
      for (const { name } of objects) await to.putBlob({ name }, await from.getBlob(name));
      const third = inputs({
        ...near,
        backup: { dir },
        restoreFrom: { bucket: "carried", name: objects[0]!.name.split("/")[0]! },
      });
      assert.deepEqual((await streamHandler.check(context(), undefined, third)).problems, []);
      await streamHandler.create(context(), third);
      assert.deepEqual(await contents(js), before);
      // A new leader of it counts what is pending a moment later.
      await waitFor<true>("its place", { timeout: 30_000 }, async () => {
        const { num_pending, ack_floor } = (await consumerInfo(js, "ORDERS", "late"))!;
        const isThere = num_pending === 30 && Number(ack_floor.stream_seq) === 20;
        return isThere ? { value: true } : { pending: JSON.stringify({ num_pending, ack_floor }) };
      });
      const { config: now, cluster } = (await streamInfo(js, "ORDERS"))!;
      assert.deepEqual([now["num_replicas"], cluster!.replicas!.map(({ current }) => current)], [3, [true, true]]);

      // The consumer itself wants three.
      await createConsumer(js, "ORDERS", { ...config, name: "r3", durable_name: "r3", num_replicas: 3 });
      await streamHandler.delete(context(), "ORDERS", { ...third, created: "" });
      const last = readdirSync(dir).find((each) => each !== taken)!;
      await assert.rejects(
        streamHandler.create(
          alone("urn:orders"),
          inputs({ restoreFrom: { dir: path.join(dir, last) }, backup: { dir } }),
        ),
        /replica count exceeds parent stream .*where a consumer of the backup has more replicas than the stream here/,
      );
      assert.equal(await streamInfo(elsewhere, "ORDERS"), undefined);
    } finally {
      rmSync(dir, { recursive: true, force: true });
      await there.close();
      await other.stop();
    }
  });
});
