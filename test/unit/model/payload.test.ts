import assert from "node:assert/strict";
import { deletionOf } from "../../../provider/model/keyValueOperation";
import { ttlOfHeader, ttlText } from "../../../provider/model/keyValueEntry";
import { chunkSubject, metaOf, metaSubject } from "../../../provider/model/objectMeta";
import { bytesOf, digestOf, isPayload, payloadProblems, samePayload, sayAs } from "../../../provider/model/payload";
import { describedChanges, describedInputs, describedMeta } from "../../../provider/model/storedObject";

describe("What is stored under a key or as an object", () => {
  it("is the same in whatever form it is said", () => {
    assert.equal(bytesOf({ json: { a: [1, "x"] } })!.toString(), '{"a":[1,"x"]}');
    assert.ok(samePayload({ value: "1" }, { json: 1 }));
    assert.ok(samePayload({ base64: "aGk=" }, { file: "f", digest: digestOf(Buffer.from("hi")) }));
    assert.ok(!samePayload({ value: "1" }, { value: "2" }));
    assert.ok(!samePayload({ file: "f" }, { file: "f" }), "a digest that is not known is the same as none");
  });

  it("is compared as JSON by what it means, and as text by its bytes", () => {
    assert.ok(isPayload({ json: { a: 1, b: 2 } }, Buffer.from('{ "b": 2, "a": 1 }')));
    assert.ok(samePayload({ value: '{ "a": 1 }' }, { json: { a: 1 } }), "what an import finds is text");
    assert.ok(samePayload({ json: { b: 1, a: 2 } }, { json: { a: 2, b: 1 } }));
    assert.ok(!isPayload({ value: '{"a":1}' }, Buffer.from('{ "a": 1 }')));
    assert.ok(!isPayload({ json: { a: 1 } }, Buffer.from("no json")));
  });

  it("is said again in the program's own form", () => {
    const stored = Buffer.from([255, 0]);
    assert.deepEqual(sayAs(undefined, stored), { base64: "/wA=" });
    assert.deepEqual(sayAs(undefined, Buffer.from("hi")), { value: "hi" });
    assert.deepEqual(sayAs("json", Buffer.from("hi")), { json: "hi" });
    assert.deepEqual(sayAs("file", Buffer.from("hi")), { digest: digestOf(Buffer.from("hi")) });
  });

  it("is never shown by its faults", () => {
    const faults = [
      payloadProblems({ base64: "secret!" }, ""),
      payloadProblems({ value: ["secret"] as unknown as string }, ""),
      payloadProblems({ value: "secret", json: "secret" }, ""),
    ].flat();
    assert.equal(faults.length, 3);
    assert.doesNotMatch(JSON.stringify(faults), /secret/);
  });

  it("ends in marks of clients and of servers", () => {
    const marks = [{ "KV-Operation": "DEL" }, { "KV-Operation": "PURGE" }, { "Nats-Marker-Reason": "MaxAge" }, {}];
    assert.deepEqual(
      marks.map((headers) => deletionOf(new Map(Object.entries(headers)))),
      ["deleted", "purged", "expired", undefined],
    );
  });

  it("lives as long as its header says, in whatever unit", () => {
    assert.deepEqual([ttlText("2d"), ttlText("90s"), ttlText("never")], ["48h", "1m30s", "never"]);
    assert.deepEqual([ttlOfHeader("3600"), ttlOfHeader("1h0m0s"), ttlOfHeader("never")], ["1h", "1h", "never"]);
  });

  it("has subjects that the clients have", () => {
    assert.equal(metaSubject("O", "f.txt"), "$O.O.M.Zi50eHQ=");
    assert.equal(chunkSubject("O", "abc"), "$O.O.C.abc");
    // `printf hello | sha256sum`, as base64url.
    assert.equal(digestOf(Buffer.from("hello")), "SHA-256=LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
    assert.equal(metaOf(Buffer.from("no json")), undefined);
  });

  it("is described by words that come back as they were written", () => {
    const inputs = { bucket: "b", name: "n", description: "d", headers: { A: "1", B: ["1", "2"] }, chunkSize: "64KiB" };
    const meta = { ...describedMeta(inputs, "urn:x"), nuid: "n", size: 1, chunks: 1 };
    const { bucket: _bucket, name: _name, ...described } = inputs;
    assert.deepEqual(describedInputs(meta), described);
    assert.deepEqual(describedChanges(inputs, { ...inputs, headers: { B: ["1", "2"], A: ["1"] } }), []);
    assert.deepEqual(describedChanges(inputs, { bucket: "b", name: "n" }), ["description", "headers", "chunkSize"]);
  });
});
