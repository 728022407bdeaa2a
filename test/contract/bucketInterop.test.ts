import assert from "node:assert/strict";
import type { JetStream } from "../../provider/apply/jetstream";
import { deleteStream, streamInfo } from "../../provider/apply/jetstreamStreams";
import type { Handler } from "../../provider/host/handler";
import type { JsonObject } from "../../provider/model/exactJson";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import type { ObjectStoreInputs } from "../../provider/model/objectStore";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { natsCli } from "../bed/natsCli";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { contextOf } from "./suite";

type Settings<Inputs> = Omit<Inputs, "bucket">;

/** What the nats CLI is told, and the same in a program. */
const keyValues: readonly (readonly [flags: readonly string[], settings: Settings<KeyValueInputs>])[] = [
  [[], {}],
  [["--history", "5", "--ttl", "1h", "--description", "hi"], { history: 5, ttl: "1h", description: "hi" }],
  [["--ttl", "30s", "--marker-ttl", "1m"], { ttl: "30s", limitMarkerTtl: "1m" }],
  [["--storage", "memory", "--max-value-size", "1024"], { storage: "memory", maxValueSize: "1KiB" }],
  [["--max-bucket-size", "1048576", "--compress"], { maxBytes: "1MiB", compression: true }],
  [["--metadata", "team=billing", "--tags", "ssd"], { metadata: { team: "billing" }, placement: { tags: ["ssd"] } }],
  [
    ["--republish-source", "$KV.b.>", "--republish-destination", "copies.>", "--republish-headers"],
    { republish: { src: "$KV.b.>", dest: "copies.>", headersOnly: true } },
  ],
  [["--mirror", "other"], { mirror: { name: "other" } }],
  [["--source", "other", "--source", "third"], { sources: [{ name: "other" }, { name: "third" }] }],
];

const objectStores: readonly (readonly [flags: readonly string[], settings: Settings<ObjectStoreInputs>])[] = [
  [[], {}],
  [["--ttl", "1h", "--description", "hi", "--compress"], { ttl: "1h", description: "hi", compression: true }],
  [["--storage", "memory", "--max-bucket-size", "1048576"], { storage: "memory", maxBytes: "1MiB" }],
  [["--metadata", "team=billing"], { metadata: { team: "billing" } }],
];

for (const version of serverVersions) {
  describe(`Buckets of the nats CLI on nats-server ${version}`, () => {
    const bed = jetStreamBed(version, `server_tags: ["ssd"]`);
    let server: NatsServer;
    let js: JetStream;
    before(async () => {
      ({ server, js } = bed());
      await natsCli(server.url, "kv", "add", "other");
      await natsCli(server.url, "kv", "add", "third");
    });

    const configOf = async (stream: string): Promise<JsonObject> => {
      const { metadata, ...config } = (await streamInfo(js, stream))!.config;
      const own = Object.entries((metadata ?? {}) as JsonObject).filter(([key]) => key !== "pulumi-nats.owner");
      return { ...config, metadata: Object.fromEntries(own) };
    };

    async function same<Inputs extends { readonly bucket: string }>(
      handler: Handler<Inputs, Inputs>,
      command: string,
      stream: string,
      flags: readonly string[],
      settings: object,
    ): Promise<void> {
      const inputs = { bucket: "b", ...settings } as unknown as Inputs;
      const { context } = contextOf(new Map([["servers", server.url]]), "urn:b");
      await natsCli(server.url, command, "add", "b", ...flags);
      const theirs = await configOf(stream);
      const imported = await handler.read(context, "b", undefined);
      assert.deepEqual(imported!.inputs, inputs);
      assert.deepEqual((await handler.diff(context, "b", imported!.state, inputs)).changes, {});
      await deleteStream(js, stream);

      const { problems } = await handler.check(context, undefined, inputs);
      // A server alone keeps it, and nothing comes of it.
      assert.deepEqual(
        problems.filter(({ path }) => path !== "placement.tags"),
        [],
      );
      await handler.create(context, inputs);
      assert.deepEqual(await configOf(stream), theirs);
      assert.match(await natsCli(server.url, command, "info", "b"), /Bucket/);
      await deleteStream(js, stream);
    }

    for (const [flags, settings] of keyValues) {
      it(`nats kv add b ${flags.join(" ")}`, () => same(keyValueHandler, "kv", "KV_b", flags, settings));
    }
    for (const [flags, settings] of objectStores) {
      it(`nats object add b ${flags.join(" ")}`, () => same(objectStoreHandler, "object", "OBJ_b", flags, settings));
    }
  });
}
