import assert from "node:assert/strict";
import {
  carryKeyValue,
  expandKeyValue,
  flattenKeyValue,
  keyValueKind,
  keyValueProblems,
  keyValueWords,
} from "../../../provider/model/keyValue";
import { expandObjectStore, flattenObjectStore } from "../../../provider/model/objectStore";
import { streamFields } from "../../../provider/model/streamFields";

describe("A bucket's settings", () => {
  const constant = {
    discard: "new",
    deny_delete: true,
    allow_rollup_hdrs: true,
    allow_direct: true,
    duplicate_window: 120_000_000_000,
  };

  it("become the stream that the clients make, and back again", () => {
    const inputs = { bucket: "config", history: 5, ttl: "36h", limitMarkerTtl: "1m", compression: true } as const;
    const config = expandKeyValue(inputs);
    assert.deepEqual(config, {
      ...constant,
      name: "KV_config",
      subjects: ["$KV.config.>"],
      max_msgs_per_subject: 5,
      max_age: 129_600_000_000_000,
      subject_delete_marker_ttl: 60_000_000_000,
      allow_msg_ttl: true,
      compression: "s2",
    });
    assert.deepEqual(flattenKeyValue(config, "2.15.2"), inputs);
  });

  it("remember message ids no longer than values", () => {
    assert.equal(expandKeyValue({ bucket: "b", ttl: "30s" })["duplicate_window"], 30_000_000_000);
    assert.equal(expandKeyValue({ bucket: "b", ttl: "3m" })["duplicate_window"], 120_000_000_000);
  });

  it("name other buckets by their own names, in mirrors and in sources", () => {
    const mirror = expandKeyValue({ bucket: "copy", mirror: { name: "config" } });
    assert.deepEqual(
      [mirror["mirror"], mirror["mirror_direct"], mirror["subjects"]],
      [{ name: "KV_config" }, true, undefined],
    );
    assert.deepEqual(flattenKeyValue(mirror, "2.15.2"), { bucket: "copy", mirror: { name: "config" } });
    const external = { api: "$JS.hub.API" };
    const transforms = [{ src: "events.*", dest: "$KV.all.$1" }];
    const inputs = {
      bucket: "all",
      sources: [{ name: "config" }, { name: "all", external }, { name: "EVENTS", subjectTransforms: transforms }],
    };
    const config = expandKeyValue(inputs);
    assert.deepEqual(config["sources"], [
      { name: "KV_config", subject_transforms: [{ src: "$KV.config.>", dest: "$KV.all.>" }] },
      { name: "KV_all", external },
      { name: "EVENTS", subject_transforms: transforms },
    ]);
    assert.deepEqual(flattenKeyValue(config, "2.15.2"), inputs);
  });

  it("keep times of single keys on, since no server switches them off", () => {
    assert.equal(carryKeyValue({ allow_msg_ttl: true }, {})["allow_msg_ttl"], true);
    assert.equal(carryKeyValue({}, {})["allow_msg_ttl"], undefined);
  });

  it("and what their kind sets are all of a stream's fields together", () => {
    const jsons = Object.values(keyValueKind.fields).map(({ json }) => json);
    assert.deepEqual(
      jsons.sort(),
      Object.values(streamFields)
        .map(({ json }) => json as string)
        .sort(),
    );
  });

  it("report all problems at once, in a bucket's words", () => {
    const inputs = { bucket: "a b", history: 100, ttl: "10ms", name: "x", replicas: 9 };
    assert.deepEqual(
      keyValueProblems(inputs).map(({ path }) => path),
      ["bucket", "history", "name", "replicas", "ttl"],
    );
    assert.equal(
      keyValueWords.argWords("max_age: deletes 3 of 5 messages of its subject; a stream's message"),
      "ttl: deletes 3 of 5 values of its key; a bucket's value",
    );
  });

  it("of an object store become its stream, and back again", () => {
    const inputs = { bucket: "assets", maxBytes: "1GiB", sealed: true } as const;
    const config = expandObjectStore(inputs);
    assert.deepEqual(config["subjects"], ["$O.assets.C.>", "$O.assets.M.>"]);
    assert.deepEqual(flattenObjectStore(config, "2.15.2"), inputs);
  });
});
