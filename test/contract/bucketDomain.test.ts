import assert from "node:assert/strict";
import { connect } from "nats";
import type { NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { JetStream } from "../../provider/apply/jetstream";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import { keyValueEntryHandler } from "../../provider/resources/keyValueEntryHandler";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import { startHubAndLeaf } from "../bed/hubAndLeaf";
import type { NatsServer } from "../bed/natsServer";
import { contextOf } from "./suite";

describe("Buckets in the JetStream domain of another server", () => {
  let hub: NatsServer;
  let leaf: NatsServer;
  let connection: NatsConnection;
  before(async () => {
    ({ hub, leaf } = await startHubAndLeaf());
    connection = await connect({ servers: hub.url });
  });
  after(async () => {
    await connection.close();
    await closeConnections();
    await leaf.stop();
    await hub.stop();
  });

  const there = () =>
    contextOf(
      new Map([
        ["servers", leaf.url],
        ["jsDomain", "hub"],
      ]),
      "urn:there",
    ).context;
  const here = () => contextOf(new Map([["servers", leaf.url]]), "urn:here").context;

  it("are made, written, read and deleted from here", async () => {
    await keyValueHandler.create(there(), { bucket: "config" });
    const entry = { bucket: "config", key: "a.b", value: "1" };
    const { state } = await keyValueEntryHandler.create(there(), entry);
    const next = await keyValueEntryHandler.update(there(), "config/a.b", state, { ...entry, value: "2" });
    const kv = await connection.jetstream().views.kv("config", { bindOnly: true });
    assert.equal((await kv.get("a.b"))!.string(), "2");
    assert.equal((await keyValueEntryHandler.read(there(), "config/a.b", next))!.inputs.value, "2");
    await keyValueEntryHandler.delete(there(), "config/a.b", next);
    assert.equal((await kv.get("a.b"))!.operation, "DEL");

    await objectStoreHandler.create(there(), { bucket: "assets" });
    const object = { bucket: "assets", name: "large", base64: Buffer.alloc(500_000, 1).toString("base64") };
    const stored = await storedObjectHandler.create(there(), object);
    assert.deepEqual([stored.state.size, stored.state.chunks], [500_000, 4]);
    const os = await connection.jetstream().views.os("assets");
    assert.equal((await os.getBlob("large"))!.length, 500_000);
    await storedObjectHandler.delete(there(), "assets/large", stored.state);
    assert.equal((await streamInfo(new JetStream(connection), "OBJ_assets"))!.state.messages, 1);
  });

  it("are copied to here by a mirror and by a source", async () => {
    await keyValueHandler.create(there(), { bucket: "origin" });
    await keyValueEntryHandler.create(there(), { bucket: "origin", key: "k", value: "v" });
    const external = { api: "$JS.hub.API" };
    for (const copy of [
      { bucket: "mirrored", mirror: { name: "origin", external } },
      { bucket: "sourced", sources: [{ name: "origin", external }] },
    ]) {
      const { problems } = await keyValueHandler.check(here(), undefined, copy);
      assert.deepEqual(problems, []);
      const { state } = await keyValueHandler.create(here(), copy);
      assert.deepEqual((await keyValueHandler.read(here(), copy.bucket, undefined))!.inputs, copy);
      assert.deepEqual((await keyValueHandler.diff(here(), copy.bucket, state, copy)).changes, {});
      const local = await connect({ servers: leaf.url });
      const kv = await local.jetstream().views.kv(copy.bucket, { bindOnly: true });
      const key = copy.bucket === "mirrored" ? undefined : "k";
      await waitFor(`the key in ${copy.bucket}`, { timeout: 60_000 }, async () => {
        const { messages } = (await streamInfo(new JetStream(local), `KV_${copy.bucket}`))!.state;
        return messages === 1 ? { value: messages } : { pending: `${messages} messages` };
      });
      if (key) assert.equal((await kv.get(key))!.string(), "v");
      await local.close();
    }
  });
});
