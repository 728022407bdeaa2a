import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import { keyValueEntryHandler } from "../../provider/resources/keyValueEntryHandler";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import { startJetStreamCluster } from "../bed/jetStreamCluster";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
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
});
