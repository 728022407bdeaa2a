import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import path from "node:path";
import { readObject } from "../../provider/apply/objects";
import { unknownValue } from "../../provider/host/handler";
import type { CallContext } from "../../provider/host/handler";
import type { StoredObjectInputs } from "../../provider/model/storedObject";
import { objectStoreHandler } from "../../provider/resources/objectStoreHandler";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { contextOf } from "./suite";

const handler = storedObjectHandler;

describe("What a preview says of an object before it is written", () => {
  const bed = jetStreamBed();
  const lines: string[] = [];
  const context = (urn = "urn:object"): CallContext => {
    const said = contextOf(new Map([["servers", bed().server.url]]), urn);
    const say = async (message: string): Promise<void> => void lines.push(message);
    return { ...said.context, warn: say, info: say };
  };
  before(async () => void (await objectStoreHandler.create(context(), { bucket: "assets" })));
  beforeEach(() => lines.splice(0));

  const at = (name: string): StoredObjectInputs => ({ bucket: "assets", name });
  const id = ({ bucket, name }: StoredObjectInputs): string => `${bucket}/${name}`;
  const problemsOf = async (state: undefined, news: StoredObjectInputs) =>
    (await handler.check(context(), state, news)).problems.map(
      ({ path: where, severity, reason }) => `${where} ${severity ?? "error"}: ${reason}`,
    );

  it("one that is there with the same content is adopted without an upload, and the preview says what is written", async () => {
    const inputs: StoredObjectInputs = { ...at("moved"), value: "same", adopt: true };
    const chunksOf = async () => (await readObject(bed().js, inputs))!.meta.nuid;
    const store = await bed().connection.jetstream().views.os("assets");
    await store.putBlob({ name: "moved" }, Buffer.from("same"));
    const [nuid, { revision }] = [await chunksOf(), (await readObject(bed().js, inputs))!];
    assert.deepEqual(await problemsOf(undefined, inputs), []);
    assert.deepEqual(lines.splice(0), [
      'adopts object "moved" of store "assets": it is what the program says, nothing is written',
    ]);
    assert.equal((await handler.create(context(), inputs)).state.revision, revision);
    // Words alone.
    const named = { ...inputs, description: "ours" };
    assert.match(
      (await problemsOf(undefined, named)).join("\n"),
      /^description warning: object "moved" .* exists \(4 bytes, of \S+\): description written over; its content stays$/,
    );
    const theirs = (await handler.create(context("urn:other"), named)).state;
    assert.equal(await chunksOf(), nuid);
    // Of another stack.
    assert.deepEqual(await problemsOf(undefined, named), []);
    assert.deepEqual(lines.splice(0), [
      'adopts object "moved" of store "assets" from urn:other: it is what the program says, its content stays, its entry says whose it is now',
    ]);
    const { state } = await handler.create(context(), named);
    assert.ok(state.revision > theirs.revision);
    assert.equal(await chunksOf(), nuid);
    await handler.delete(context("urn:other"), id(inputs), theirs);
    assert.match(lines.splice(0).join("\n"), /belongs to urn:object now: it stays/);
    const third = (news: StoredObjectInputs) => handler.check(context("urn:third"), undefined, news);
    assert.match(
      (await third({ ...named, value: unknownValue })).problems.map(({ reason }) => reason).join("\n"),
      /exists \(4 bytes, .*\) and belongs to urn:object: it is written over, unless it is the same$/,
    );
    const late = (await third({ ...named, chunkSize: unknownValue, bucket: "nowhere" })).problems;
    assert.deepEqual(
      late.map(({ severity, path }) => [severity, path]),
      [["warning", "bucket"]],
    );
    assert.match(
      late[0]!.reason,
      /^there is no object store "nowhere", and nothing that comes before and has the same provider/,
    );
  });

  it("what no server takes beside a content is refused in the preview: a name or a description that is too long", async () => {
    const name = "n".repeat(2000);
    const { state } = await handler.create(context(), { ...at(name), value: "x" });
    await handler.delete(context(), id(at(name)), state);
    assert.deepEqual(await problemsOf(undefined, { ...at(`${name}n`), value: "x" }), [
      "name error: the name has 2001 bytes; at most 2000 are allowed",
    ]);
    const wordy = { ...at("wordy"), value: "x", description: "d".repeat(1_048_576) };
    assert.match(
      (await problemsOf(undefined, wordy)).join("\n"),
      /^description error: the object's entry has 10\d{5} bytes with it; the server takes 1048576 at most \(max_payload\)$/,
    );
    assert.deepEqual(await problemsOf(undefined, { ...at("missing"), file: path.join(tmpdir(), "none") }), [
      `file error: there is no file "${path.join(tmpdir(), "none")}" (relative paths start where pulumi runs: ${process.cwd()})`,
    ]);
  });
});
