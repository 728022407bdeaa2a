import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { explainBucketFiles } from "../../../provider/cli/explainBucket";
import type { BucketWord } from "../../../provider/cli/explainBucket";
import { expandKeyValue } from "../../../provider/model/keyValue";
import { expandObjectStore } from "../../../provider/model/objectStore";

describe("pulumi-nats explain kv and object", () => {
  let dir: string;
  before(() => (dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-bucket-"))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const said = (word: BucketWord, from: object, to: object, json = false): string => {
    const [old, wanted] = [path.join(dir, "old.json"), path.join(dir, "new.json")];
    writeFileSync(old, JSON.stringify(from));
    writeFileSync(wanted, JSON.stringify(to));
    return explainBucketFiles(word, old, wanted, { serverVersion: "2.15.2", json });
  };

  it("say in a program's words what a change of a bucket does, and how many values it deletes", () => {
    const bucket = expandKeyValue({ bucket: "config", history: 5, limitMarkerTtl: "1h" });
    const state = { messages: 9, bytes: 900, subjects: { "$KV.config.a": 5, "$KV.config.b": 4 } };
    const less = expandKeyValue({ bucket: "config", history: 2 });
    const text = said("kv", { config: bucket, state }, less);
    assert.match(text, /^update \(nats-server 2\.15\.2\)\n {2}history: 5 → 2: update: .*; deletes 5 of 9 values\n/);
    // Times of single keys stay on, as they do when a program says this.
    assert.match(text, /^ {2}limitMarkerTtl: 3600000000000 → 0: update: changes in place$/m);
    assert.equal(text.trim().split("\n").length, 3);
    const { changes } = JSON.parse(said("kv", bucket, { ...less, storage: "memory" }, true)) as {
      changes: { path: string; impact: string; why: string }[];
    };
    assert.deepEqual(
      changes.map(({ path: at, impact }) => [at, impact]),
      [
        ["history", "update"],
        ["storage", "replace"],
        ["limitMarkerTtl", "update"],
      ],
    );
  });

  it("say it of an object store", () => {
    const store = expandObjectStore({ bucket: "assets" });
    const text = said("object", store, expandObjectStore({ bucket: "assets", ttl: "1h", sealed: true }));
    assert.match(text, /^one-way .*\n {2}sealed: .*seals the object store: no chunk comes in or goes out/s);
  });

  it("name the command for what is none", () => {
    assert.throws(
      () => said("kv", { bucket: "x", history: 5 }, {}),
      /old\.json: it names no stream: the JSON of the bucket's stream is wanted.*Fix: `nats stream info KV_<bucket> --json > .*old\.json`$/,
    );
    assert.throws(
      () => said("kv", { name: "ORDERS" }, {}),
      /"ORDERS" is no key-value bucket.*Fix: pulumi-nats explain str/,
    );
    assert.throws(
      () => said("kv", expandObjectStore({ bucket: "a" }), {}),
      /old\.json: stream "OBJ_a" is no key-value bucket: their names begin with KV_\. Fix: pulumi-nats explain object$/,
    );
  });
});
