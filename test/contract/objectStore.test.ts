import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { deleteStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { ObjectStoreInputs } from "../../provider/model/objectStore";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { contextOf, lifecycle } from "./suite";

for (const version of serverVersions) {
  describe(`ObjectStore on nats-server ${version}`, () => {
    const bed = jetStreamBed(version);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    const config = () => new Map([["servers", server.url]]);
    before(() => void ({ server, connection, js } = bed()));

    const first: ObjectStoreInputs = {
      bucket: "assets",
      description: "pictures",
      ttl: "36h",
      maxBytes: "10MiB",
      compression: true,
      metadata: { team: "billing" },
    };
    const changed: ObjectStoreInputs = {
      bucket: "assets",
      maxBytes: "20MiB",
      metadata: { team: "billing", tier: "1" },
    };
    lifecycle({
      handler: objectStoreHandler,
      terraformId: "JETSTREAM_OBJ_assets",
      config,
      first,
      changed: { inputs: changed, paths: ["compression", "description", "maxBytes", "metadata.tier", "ttl"] },
      replaced: { inputs: { ...changed, storage: "memory" }, path: "storage" },
      refused: [
        { inputs: { bucket: "a b" }, path: "bucket", reason: /"a b" can't name a bucket: it contains " "/, fix: /a_b/ },
        { inputs: { bucket: "x", maxBytes: "10 apples" }, path: "maxBytes", reason: /not a size/ },
        { inputs: { bucket: "x", history: 5 } as ObjectStoreInputs, path: "history", reason: /no property "history"/ },
        { inputs: { bucket: "x", replicas: 3 }, path: "replicas", reason: /need a cluster/, fix: /replicas: 1/ },
      ],
      drift: {
        make: async () => {
          const { config: live } = (await streamInfo(js, "OBJ_assets"))!;
          await updateStream(js, { ...live, max_bytes: 1_000_000 });
        },
        path: "maxBytes",
      },
      remove: () => deleteStream(js, "OBJ_assets"),
      exists: async () => (await streamInfo(js, "OBJ_assets")) !== undefined,
    });

    it("with objects is not deleted, without them it is; sealing can't be undone", async () => {
      const { context } = contextOf(config(), "urn:held");
      const { state } = await objectStoreHandler.create(context, { bucket: "held" });
      const os = await connection.jetstream().views.os("held");
      await os.putBlob({ name: "a" }, Buffer.alloc(300_000));
      await os.putBlob({ name: "b" }, Buffer.from("b"));
      await assert.rejects(objectStoreHandler.delete(context, "held", state), /object store "held" holds 2 objects/);
      await os.delete("a");
      const news: ObjectStoreInputs = { bucket: "held", sealed: true };
      const diff = await objectStoreHandler.diff(context, "held", state, news);
      assert.deepEqual(diff.changes, { sealed: "add" });
      assert.match(diff.notes![0]!.message, /^sealed: seals the object store: no chunk comes in .*can't be undone$/);
      const sealed = await objectStoreHandler.update(context, "held", state, news);
      assert.deepEqual((await objectStoreHandler.diff(context, "held", sealed, news)).changes, {});
      assert.deepEqual((await objectStoreHandler.diff(context, "held", sealed, { bucket: "held" })).changes, {
        sealed: "delete-replace",
      });
      await assert.rejects(objectStoreHandler.delete(context, "held", sealed), /holds 1 object, which/);
      await objectStoreHandler.delete(context, "held", { ...sealed, onDataLoss: "allow" });
      assert.equal(await streamInfo(js, "OBJ_held"), undefined);
    });
  });
}
