import assert from "node:assert/strict";
import type { NatsConnection } from "nats";
import type { JetStream } from "../../provider/apply/jetstream";
import { streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import type { Handler } from "../../provider/host/handler";
import { sameJson, textOf } from "../../provider/model/exactJson";
import type { JsonObject } from "../../provider/model/exactJson";
import { carryKeyValue, expandKeyValue, keyValueFields, keyValueKind } from "../../provider/model/keyValue";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import { expandObjectStore, objectStoreFields, objectStoreKind } from "../../provider/model/objectStore";
import type { ObjectStoreInputs } from "../../provider/model/objectStore";
import { settledStream } from "../../provider/model/streamSettled";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import type { NatsServer } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { bucketDrift } from "./bucketDrift";
import { driftVersions } from "./drift";
import { contextOf } from "./suite";

type Pair<Inputs> = readonly [from: Omit<Inputs, "bucket">, to: Omit<Inputs, "bucket">];

const shared = [
  [{}, { description: "x" }],
  [{ description: "x" }, {}],
  [{}, { ttl: "1h" }],
  [{ ttl: "1h" }, { ttl: "30s" }],
  [{ ttl: "30s" }, {}],
  [{}, { maxBytes: "1MiB" }],
  [{ maxBytes: "1MiB" }, { maxBytes: "1KiB" }],
  [{ maxBytes: "1MiB" }, {}],
  [{}, { storage: "memory" }],
  [{ storage: "memory" }, {}],
  [{}, { compression: true }],
  [{ compression: true }, { compression: false }],
  [{}, { metadata: { a: "1" } }],
  [{ metadata: { a: "1", b: "2" } }, { metadata: { b: "3" } }],
  [{}, { placement: { tags: ["ssd"] } }],
  [{ placement: { tags: ["ssd"] } }, {}],
] as const satisfies readonly Pair<KeyValueInputs & ObjectStoreInputs>[];

const keyValues: readonly Pair<KeyValueInputs>[] = [
  ...shared,
  [{}, { history: 5 }],
  [{ history: 5 }, { history: 2 }],
  [{ history: 5 }, {}],
  [{}, { maxValueSize: "1KiB" }],
  [{ maxValueSize: "1KiB" }, {}],
  [{}, { limitMarkerTtl: "1m" }],
  [{ limitMarkerTtl: "1m" }, { limitMarkerTtl: "1h" }],
  [{ limitMarkerTtl: "1m" }, {}],
  [{}, { republish: { dest: "copies.>" } }],
  [{ republish: { dest: "copies.>" } }, {}],
  [{}, { sources: [{ name: "origin" }] }],
  [{ sources: [{ name: "origin" }] }, {}],
  [{}, { mirror: { name: "origin" } }],
  [{ mirror: { name: "origin" } }, { mirror: { name: "other" } }],
  [{ mirror: { name: "origin" } }, {}],
];

const objectStores: readonly Pair<ObjectStoreInputs>[] = [...shared, [{}, { sealed: true }], [{ sealed: true }, {}]];

/** Said by no transition here: the name is the id, and a lone server keeps one replica. */
const elsewhere = ["bucket", "replicas"];

for (const version of serverVersions) {
  describe(`Changes of buckets on nats-server ${version}`, () => {
    const bed = jetStreamBed(version, `server_tags: ["ssd"]`);
    let server: NatsServer;
    let connection: NatsConnection;
    let js: JetStream;
    before(() => void ({ server, connection, js } = bed()));

    /** The class that the preview says, and what the server then does with the configuration itself. */
    async function predicted<Inputs extends { readonly bucket: string }>(
      handler: Handler<Inputs, Inputs>,
      configOf: (inputs: Inputs, live: JsonObject) => JsonObject,
      subjects: readonly string[],
      [from, to]: Pair<Inputs>,
      bucket: string,
    ): Promise<void> {
      const { context } = contextOf(new Map([["servers", server.url]]), `urn:${bucket}`);
      const [olds, news] = [from, to].map((each) => ({ bucket, ...each }) as unknown as Inputs) as [Inputs, Inputs];
      const allowed = { ...news, onDataLoss: "allow" } as Inputs;
      const { state } = await handler.create(context, olds);
      const writable = !("mirror" in from) && !("sealed" in from);
      for (let round = 0; round < 5; round++) {
        for (const subject of writable ? subjects : []) await connection.request(subject, "x", patient);
      }
      const stream = textOf(configOf(olds, {})["name"]);
      const live = (await streamInfo(js, stream))!;
      const diff = await handler.diff(context, bucket, state, allowed);
      const { onDataLoss: _onDataLoss, ...changes } = diff.changes;
      assert.notDeepEqual(changes, {});
      const replaces = Object.values(changes).some((kind) => kind.endsWith("-replace"));
      const words = (diff.notes ?? []).map(({ message }) => message).join("\n");
      const counted = /deletes (?:about )?(all )?(\d+)/.exec(words);

      const wanted = configOf(news, live.config);
      const refused = await updateStream(js, wanted).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      assert.equal(replaces, refused !== undefined, `said ${JSON.stringify(changes)} ${words}; server: ${refused}`);
      if (refused !== undefined) return;
      const after = (await streamInfo(js, stream))!;
      assert.ok(
        sameJson(settledStream(wanted, version), settledStream(after.config, version)),
        "what was sent is there",
      );
      assert.equal(Number(counted?.[2] ?? 0), live.state.messages - after.state.messages, words);
    }

    before(async () => {
      const { context } = contextOf(new Map([["servers", server.url]]), undefined);
      for (const bucket of ["origin", "other"]) await keyValueHandler.create(context, { bucket });
    });

    keyValues.forEach((pair, index) => {
      it(`key-value: ${JSON.stringify(pair[0])} to ${JSON.stringify(pair[1])}`, () =>
        predicted<KeyValueInputs>(
          keyValueHandler,
          (inputs, live) => carryKeyValue(live, expandKeyValue(inputs)),
          [`$KV.kv${index}.a`, `$KV.kv${index}.b`],
          pair,
          `kv${index}`,
        ));
    });
    objectStores.forEach((pair, index) => {
      it(`object store: ${JSON.stringify(pair[0])} to ${JSON.stringify(pair[1])}`, () =>
        predicted<ObjectStoreInputs>(
          objectStoreHandler,
          (inputs) => expandObjectStore(inputs),
          [`$O.os${index}.C.x`, `$O.os${index}.M.y`],
          pair,
          `os${index}`,
        ));
    });
    if (!driftVersions.includes(version)) return;
    const shared = { version, bed: () => ({ js, url: server.url }) };
    // Servers refuse these beside what the stream of a bucket has.
    const refused = ["allowMsgCounter", "allowMsgSchedules"];
    bucketDrift<KeyValueInputs>({
      ...shared,
      handler: keyValueHandler,
      asset: keyValueKind,
      expand: expandKeyValue,
      pairs: keyValues,
      elsewhere: [...elsewhere, ...refused],
    });
    bucketDrift<ObjectStoreInputs>({
      ...shared,
      handler: objectStoreHandler,
      asset: objectStoreKind,
      expand: expandObjectStore,
      pairs: objectStores,
      elsewhere: [...elsewhere, ...refused, "discardNewPerSubject"],
    });
  });
}

describe("The transitions of buckets", () => {
  it("name every property", () => {
    const named = (pairs: readonly (readonly object[])[]) => new Set(pairs.flat().flatMap((each) => Object.keys(each)));
    const missing = (fields: object, pairs: readonly (readonly object[])[]) =>
      Object.keys(fields).filter((name) => !elsewhere.includes(name) && !named(pairs).has(name));
    assert.deepEqual(missing(keyValueFields, keyValues), []);
    assert.deepEqual(missing(objectStoreFields, objectStores), []);
  });
});
