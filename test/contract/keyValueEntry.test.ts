import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "nats";
import type { KV, NatsConnection } from "nats";
import { closeConnections } from "../../provider/apply/connect";
import type { KeyValueEntryInputs } from "../../provider/model/keyValueEntry";
import { digestOf } from "../../provider/model/payload";
import { keyValueEntryHandler } from "../../provider/resources/keyValueEntryHandler";
import { natsCli } from "../bed/natsCli";
import { NatsServer, serverVersions } from "../bed/natsServer";
import { contextOf, lifecycle } from "./suite";

const sha = (file: string): string => digestOf(readFileSync(file));

for (const version of serverVersions) {
  describe(`KeyValueEntry on nats-server ${version}`, () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let kv: KV;
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-entry-"));
    before(async () => {
      server = await NatsServer.start(`port: -1\njetstream { store_dir: "{dir}/js" }`, version);
      connection = await connect({ servers: server.url });
      await natsCli(
        server.url,
        "kv",
        "add",
        "config",
        "--marker-ttl",
        "1h",
        "--max-value-size",
        "1024",
        "--history",
        "3",
      );
      kv = await connection.jetstream().views.kv("config", { bindOnly: true });
    });
    after(async () => {
      await connection.close();
      await closeConnections();
      await server.stop();
      rmSync(dir, { recursive: true });
    });

    it("takes a value up to what fits beside its headers into the server's max_payload, which the preview knows", async () => {
      const largest = connection.info!.max_payload;
      await natsCli(server.url, "kv", "add", "large");
      const { context } = contextOf(config(), "urn:large");
      const entry = (bytes: number): KeyValueEntryInputs => ({ bucket: "large", key: "k", value: "x".repeat(bytes) });
      const { problems } = await keyValueEntryHandler.check(context, undefined, entry(largest));
      assert.match(problems[0]!.reason, /with its headers 1048\d\d\d; the server takes 1048576 at most/);
      const most = largest - Number(/its headers (\d+)/.exec(problems[0]!.reason)![1]) + largest;
      assert.equal((await keyValueEntryHandler.check(context, undefined, entry(most + 1))).problems.length, 1);
      assert.deepEqual((await keyValueEntryHandler.check(context, undefined, entry(most))).problems, []);
      const { state } = await keyValueEntryHandler.create(context, entry(most));
      assert.equal(state.revision, 1);
    });

    const place: KeyValueEntryInputs = { bucket: "config", key: "api.limits" };
    const config = () => new Map([["servers", server.url]]);
    const exists = async (): Promise<boolean> => (await kv.get(place.key))?.operation === "PUT";
    const refused = [
      { inputs: { ...place, key: "a b", value: "x" }, path: "key", reason: /"a b" is no key.*" "/, fix: /key: "a_b"/ },
      { inputs: { ...place, key: "a..b", value: "x" }, path: "key", reason: /before and after/, fix: /key: "a\.b"/ },
      { inputs: { ...place, key: "k".repeat(5000), value: "x" }, path: "key", reason: /has 5000 bytes; at most 3000/ },
      { inputs: { ...place, bucket: "a.b", value: "x" }, path: "bucket", reason: /can't name a bucket/ },
      { inputs: place, path: "value", reason: /one of value, json, base64, file is wanted/, fix: /value: "on"/ },
      { inputs: { ...place, value: "x", json: 1 }, path: "json", reason: /beside value/, fix: /leave out json/ },
      { inputs: { ...place, value: 5 as unknown as string }, path: "value", reason: /type number/, fix: /json/ },
      { inputs: { ...place, base64: "no!" }, path: "base64", reason: /no base64/ },
      { inputs: { ...place, file: "/no/such" }, path: "file", reason: /there is no file "\/no\/such"/ },
      { inputs: { ...place, value: "x", ttl: "500ms" }, path: "ttl", reason: /too short/, fix: /"1s"/ },
      { inputs: { ...place, value: "x", ttl: "90" }, path: "ttl", reason: /"90" has no unit/, fix: /ttl: "90s"/ },
      {
        inputs: { ...place, value: "x".repeat(2000) },
        path: "value",
        reason: /2000 bytes, with its headers 20\d\d; bucket "config" takes 1024/,
      },
      {
        inputs: { ...place, value: "x", onDelete: "erase" as unknown as "purge" },
        path: "onDelete",
        reason: /"erase": "delete" or "purge"/,
      },
      {
        inputs: { ...place, value: "x", text: "y" } as KeyValueEntryInputs,
        path: "text",
        reason: /no property "text"/,
      },
    ];

    describe("with a text", () => {
      lifecycle({
        handler: keyValueEntryHandler,
        config,
        first: { ...place, value: "on" },
        changed: { inputs: { ...place, value: "off" }, paths: ["value"] },
        replaced: { inputs: { ...place, key: "other", value: "off" }, path: "key" },
        refused,
        drift: {
          make: async () => void (await natsCli(server.url, "kv", "put", "config", place.key, "theirs")),
          path: "value",
        },
        remove: () => kv.delete(place.key),
        exists,
      });
    });

    describe("with JSON", () => {
      const changed = { ...place, json: { rate: 200, of: ["a", "b"], on: true } };
      lifecycle({
        handler: keyValueEntryHandler,
        config,
        first: { ...place, json: { rate: 100 }, onDelete: "purge" },
        changed: { inputs: changed, paths: ["json", "onDelete"] },
        replaced: { inputs: { ...changed, bucket: "other" }, path: "bucket" },
        refused: [],
        drift: { make: async () => void (await kv.put(place.key, '{"rate": 1}')), path: "json" },
        remove: () => kv.purge(place.key),
        exists,
        imported: { ...place, value: '{"rate":200,"of":["a","b"],"on":true}' },
      });
    });

    describe("with a file", () => {
      const [small, large] = [path.join(dir, "small"), path.join(dir, "large")];
      writeFileSync(small, Buffer.from([0, 1, 255]));
      writeFileSync(large, Buffer.alloc(960, 254));
      lifecycle({
        handler: keyValueEntryHandler,
        config,
        first: { ...place, file: small, digest: sha(small) },
        changed: { inputs: { ...place, file: large, digest: sha(large) }, paths: ["digest"] },
        replaced: { inputs: { ...place, key: "other", file: large, digest: sha(large) }, path: "key" },
        refused: [],
        drift: { make: async () => void (await kv.put(place.key, "theirs")), path: "digest" },
        remove: () => kv.delete(place.key),
        exists,
        imported: { ...place, base64: Buffer.alloc(960, 254).toString("base64") },
        unmarked: true,
      });
    });
  });
}
