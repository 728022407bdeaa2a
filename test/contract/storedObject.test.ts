import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "nats";
import type { NatsConnection, ObjectStore } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import { digestOf } from "../../provider/model/payload";
import type { StoredObjectInputs } from "../../provider/model/storedObject";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import { natsCli } from "../bed/natsCli";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { lifecycle } from "./suite";

for (const version of serverVersions) {
  describe(`StoredObject on nats-server ${version}`, () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let store: ObjectStore;
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-object-"));
    const file = (name: string, content: Buffer | string): { file: string; digest: string } => {
      const place = path.join(dir, name);
      writeFileSync(place, content);
      return { file: place, digest: digestOf(readFileSync(place)) };
    };
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      await natsCli(server.url, "object", "add", "assets");
      store = await connection.jetstream().views.os("assets");
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await server.stop();
      rmSync(dir, { recursive: true });
    });

    const place: StoredObjectInputs = { bucket: "assets", name: "img/logo one.svg" };
    const first: StoredObjectInputs = {
      ...place,
      ...file("first", Buffer.alloc(300_000, 7)),
      description: "the logo",
      headers: { "Content-Type": "image/svg+xml" },
      metadata: { team: "billing" },
    };
    const changed: StoredObjectInputs = {
      ...place,
      ...file("second", "<svg/>"),
      headers: { "Content-Type": "image/svg+xml", Link: ["a", "b"] },
      metadata: { team: "orders" },
      chunkSize: "64KiB",
    };
    const { file: _file, ...imported } = changed;
    lifecycle({
      handler: storedObjectHandler,
      config: () => new Map([["servers", server.url]]),
      first,
      changed: { inputs: changed, paths: ["chunkSize", "description", "digest", "headers", "metadata"] },
      replaced: { inputs: { ...changed, name: "other" }, path: "name" },
      refused: [
        { inputs: { ...place, bucket: "a.b", value: "x" }, path: "bucket", reason: /can't name a bucket/, fix: /a_b/ },
        { inputs: { ...place, name: "", value: "x" }, path: "name", reason: /name is missing/, fix: /logo\.svg/ },
        {
          inputs: place,
          path: "value",
          reason: /one of value, json, base64, file is wanted \(null is none\)/,
          fix: /file: "logo\.svg"/,
        },
        { inputs: { ...place, value: "x", file: "y" }, path: "file", reason: /beside value/ },
        { inputs: { ...place, file: "/no/such" }, path: "file", reason: /there is no file "\/no\/such"/ },
        { inputs: { ...place, file: dir }, path: "file", reason: /is a folder/ },
        {
          inputs: { ...place, value: "x", chunkSize: "64 apples" },
          path: "chunkSize",
          reason: /"64 apples" is not a size/,
        },
        {
          inputs: { ...place, value: "x", chunkSize: "2MiB" },
          path: "chunkSize",
          reason: /"2MiB" is more than the server takes in one message \(1048576 bytes, max_payload\)/,
          fix: /chunkSize: "1MiB"/,
        },
        {
          inputs: { ...place, value: "x", metadata: { a: 1 as unknown as string } },
          path: "metadata.a",
          reason: /text is wanted/,
        },
        {
          inputs: { ...place, content: "x" } as StoredObjectInputs,
          path: "content",
          reason: /no property "content"/,
          fix: /write value/,
        },
        {
          inputs: { ...place, digest: "SHA-256=x" },
          path: "digest",
          reason: /the object's digest is SHA-256=/,
          fix: /file:/,
        },
      ],
      drift: {
        make: async () => {
          const { headers, metadata, options } = (await store.info(place.name))!;
          const meta = { name: place.name, headers, metadata: { ...metadata }, ...(options ? { options } : {}) };
          await store.putBlob(meta, Buffer.from("theirs"));
        },
        path: "digest",
      },
      remove: () => store.delete(place.name).then(() => {}),
      exists: async () => {
        const info = await store.info(place.name);
        return info !== null && !info.deleted;
      },
      imported,
    });
  });
}
