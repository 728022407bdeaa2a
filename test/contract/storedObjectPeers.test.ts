import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { headers } from "nats";
import type { ObjectStore } from "nats";
import { JetStream } from "../../provider/apply/jetstream";
import { lastMessage } from "../../provider/apply/jetstreamMessages";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { readObject } from "../../provider/apply/objects";
import { uploadObject } from "../../provider/apply/objectUpload";
import type { CallContext } from "../../provider/host/handler";
import { digestText } from "../../provider/model/objectMeta";
import type { StoredObjectInputs } from "../../provider/model/storedObject";
import { storedObjectHandler } from "../../provider/resources/storedObjectHandler";
import type { StoredObjectState } from "../../provider/resources/storedObjectState";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

const handler = storedObjectHandler;

/** What no other tool has: objects as resources; each on a real server. */
describe("Objects of any size, whole or not at all", () => {
  const bed = jetStreamBed();
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-objects-"));
  let store: ObjectStore;
  const lines: string[] = [];
  const context = (): CallContext => {
    const said = contextOf(new Map([["servers", bed().server.url]]), "urn:object");
    const say = async (message: string): Promise<void> => void lines.push(message);
    return { ...said.context, warn: say, info: say };
  };
  const cli = (...args: string[]): Promise<string> => natsCli(bed().server.url, "object", ...args);
  before(async () => {
    await cli("add", "assets");
    await cli("add", "tight", "--max-bucket-size", "500000");
    store = await bed().connection.jetstream().views.os("assets");
  });
  beforeEach(() => lines.splice(0));
  after(() => rmSync(dir, { recursive: true }));

  const at = (name: string): StoredObjectInputs => ({ bucket: "assets", name });
  const id = ({ bucket, name }: StoredObjectInputs): string => `${bucket}/${name}`;
  const made = async (inputs: StoredObjectInputs): Promise<StoredObjectState> => {
    const checked = await handler.check(context(), undefined, inputs);
    assert.deepEqual(checked.problems, []);
    return (await handler.create(context(), checked.inputs)).state;
  };
  const checkedOf = async (state: StoredObjectState | undefined, news: StoredObjectInputs) =>
    (await handler.check(context(), state, news)).inputs;
  const notesOf = async (state: StoredObjectState, news: StoredObjectInputs): Promise<string> =>
    (await handler.diff(context(), id(news), state, news)).notes!.map(({ message }) => message).join("\n");
  const problemsOf = async (state: StoredObjectState | undefined, news: StoredObjectInputs) =>
    (await handler.check(context(), state, news)).problems.map(
      ({ path: where, severity, reason }) => `${where} ${severity ?? "error"}: ${reason}`,
    );
  const messagesIn = async (stream: string) => (await streamInfo(bed().js, stream))!.state.messages;

  it("a large file goes through a small memory, and comes out as it went in", async function () {
    this.timeout(120_000);
    const file = path.join(dir, "large");
    const size = 200 * 1024 * 1024;
    const handle = openSync(file, "w");
    for (let block = 0; block < size / 1_048_576; block++) writeSync(handle, Buffer.alloc(1_048_576, block));
    closeSync(handle);
    const before = process.memoryUsage().rss;
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const state = await made({ ...at("large"), file });
    clearInterval(watch);
    assert.deepEqual([state.size, state.chunks], [size, size / 131_072]);
    assert.ok(JSON.stringify(state).length < 500);
    const grown = Math.round((peak - before) / 1_048_576);
    assert.ok(grown < 120, `the memory grew by ${grown} MiB`);

    const sum = createHash("sha256");
    const found = (await store.get("large"))!;
    for await (const piece of found.data as unknown as AsyncIterable<Uint8Array>) sum.update(piece);
    assert.equal(await found.error, undefined);
    assert.equal(digestText(sum.digest()), state.digest);
    await handler.delete(context(), "assets/large", state);
    rmSync(file);
  });

  it("chunks may be as large as what the server takes in one message", async () => {
    const whole = Buffer.alloc(2 * 1_048_576 + 1, 3);
    const state = await made({ ...at("chunky"), base64: whole.toString("base64"), chunkSize: "1MiB" });
    assert.deepEqual([state.size, state.chunks], [whole.length, 3]);
  });

  it("what the nats CLI puts is imported without a change, and it reads what is stored here", async () => {
    const file = path.join(dir, "theirs.txt");
    writeFileSync(file, "x".repeat(300_000));
    await cli("put", "assets", file, "--name", "theirs.txt", "--description", "d", "-H", "A:b", "--no-progress");
    const inputs = await checkedOf(undefined, {
      ...at("theirs.txt"),
      file,
      description: "d",
      headers: { A: "b" },
    });
    const imported = (await handler.read(context(), "assets/theirs.txt", undefined))!;
    assert.deepEqual((await handler.diff(context(), "assets/theirs.txt", imported.state, inputs)).changes, {});
    assert.deepEqual(await problemsOf(undefined, imported.inputs), []);

    await made({ ...at("ours.txt"), value: "hello", description: "greets", headers: { B: ["1", "2"] } });
    const out = path.join(dir, "out");
    await cli("get", "assets", "ours.txt", "--output", out, "--no-progress", "--force");
    assert.equal(readFileSync(out, "utf8"), "hello");
    const shown = await cli("info", "assets", "ours.txt");
    assert.match(shown, /Description: greets/);
    assert.match(shown, /2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824/);
  });

  it("an upload that is cut short is not seen, the old object stays whole, and the next one leaves no rest", async () => {
    const old = await made({ ...at("cut"), value: "old" });
    const upload = {
      bucket: "assets",
      name: "cut",
      chunkSize: 1000,
      note: "cutShort",
      meta: { bucket: "assets", name: "cut", options: { max_chunk_size: 1000 } },
      after: old.revision,
    };
    const stream = "OBJ_assets";
    const before = await messagesIn(stream);
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10_000);
      assert.equal(Buffer.from((await store.getBlob("cut"))!).toString(), "old");
      throw new Error("the disk is gone");
    };
    await assert.rejects(uploadObject(bed().js, { ...upload, open: failing }), /the disk is gone/);
    assert.equal(await messagesIn(stream), before);

    // Killed: nothing could be cleared away, of two tries. The next run finds the note of them; others' chunks stay.
    const killed = new Promise<never>(() => {});
    const started = new Promise<void>((resolve) => {
      const hanging = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.alloc(10_000);
        resolve();
        await killed;
      };
      void uploadObject(bed().js, { ...upload, open: hanging });
    });
    await started;
    const rest = JSON.stringify({ nuids: ["firstTry", "secondTry", "nuidOfNobody"] });
    for (const name of ["firstTry", "secondTry"]) {
      for (let chunk = 0; chunk < 5; chunk++) await bed().connection.request(`$O.assets.C.${name}`, "rest", patient);
    }
    await bed().connection.request("$O.assets.C.anotherWriter", "is uploading", patient);
    const first = await noteOf("cutShort");
    assert.equal(first.nuids.length, 1);
    await bed().connection.request("$O.assets.C.cutShort", rest.replace("nuidOfNobody", first.nuids[0]!), {
      headers: rollup(),
      ...patient,
    });
    assert.equal(Buffer.from((await store.getBlob("cut"))!).toString(), "old");
    const replaces = (await readObject(bed().js, upload))!.meta.nuid;
    await uploadObject(bed().js, { ...upload, replaces, open: () => [Buffer.from("new")] });
    assert.equal(Buffer.from((await store.getBlob("cut"))!).toString(), "new");
    assert.deepEqual(await strayChunks(), ["anotherWriter"]);
    await bed().js.request("STREAM.PURGE.OBJ_assets", { filter: "$O.assets.C.anotherWriter" }, "");
  });

  const rollup = () => {
    const packed = headers();
    packed.set("Nats-Rollup", "sub");
    return packed;
  };
  const noteOf = async (note: string): Promise<{ readonly nuids: readonly string[] }> => {
    const last = await lastMessage(bed().js, "OBJ_assets", `$O.assets.C.${note}`, "note");
    return JSON.parse(last!.data.toString()) as { readonly nuids: readonly string[] };
  };

  it("what a killed write or delete has left goes with the next one, also where nothing is to be written", async () => {
    const base = { ...at("left"), value: "first" };
    const state = await made(base);
    const { nuid: old } = (await readObject(bed().js, base))!.meta;
    const news = { ...base, value: "second" };
    await cutAt(/PURGE/, () => handler.update(context(), id(base), state, news));
    assert.equal(Buffer.from((await store.getBlob("left"))!).toString(), "second");
    assert.ok((await strayChunks()).includes(old), "the replaced one's chunks are still there");
    const now = await handler.update(context(), id(base), state, news);
    assert.deepEqual(await strayChunks(), []);
    const { nuid } = (await readObject(bed().js, base))!.meta;
    await cutAt(/PURGE/, () => handler.delete(context(), id(base), now));
    assert.deepEqual(await strayChunks(), [nuid]);
    await handler.delete(context(), id(base), now);
    assert.deepEqual(await strayChunks(), []);
  });

  it("an object whose chunks were removed outside is seen, and stored anew", async () => {
    const base = { ...at("hollow"), value: "first" };
    const state = await made(base);
    const { nuid } = (await readObject(bed().js, base))!.meta;
    await bed().js.request("STREAM.PURGE.OBJ_assets", { filter: `$O.assets.C.${nuid}` }, "");
    const seen = await handler.read(context(), id(base), state);
    assert.notEqual(seen!.inputs.digest ?? seen!.state.digest, state.digest);
    assert.match(lines.join("\n"), /object "hollow" of store "assets" has 0 of its 1 chunks/);
    const again = await checkedOf(seen!.state, base);
    assert.deepEqual((await handler.diff(context(), id(base), seen!.state, again)).changes, { value: "update" });
    const stored = await handler.update(context(), id(base), seen!.state, again);
    assert.equal(Buffer.from((await store.getBlob("hollow"))!).toString(), "first");
    await handler.delete(context(), id(base), stored);
  });

  it("an object of which a chunk was put in place of another outside is seen, and stored anew", async () => {
    const base = { ...at("swapped"), value: "first" };
    const state = await made(base);
    assert.equal((await handler.read(context(), id(base), state))!.state.digest, state.digest);
    const { nuid } = (await readObject(bed().js, base))!.meta;
    const subject = `$O.assets.C.${nuid}`;
    await bed().connection.jetstream().publish(subject, "other");
    await bed().js.request("STREAM.PURGE.OBJ_assets", { filter: subject, keep: 1 }, "");
    const seen = await handler.read(context(), id(base), state);
    assert.match(lines.join("\n"), /object "swapped" of store "assets" has chunks that came after its entry: nobody/);
    const again = await checkedOf(seen!.state, base);
    assert.deepEqual((await handler.diff(context(), id(base), seen!.state, again)).changes, { value: "update" });
    const stored = await handler.update(context(), id(base), seen!.state, again);
    assert.equal(Buffer.from((await store.getBlob("swapped"))!).toString(), "first");
    await handler.delete(context(), id(base), stored);
  });

  /** Names of chunks that belong to no object. */
  const strayChunks = async (): Promise<string[]> => {
    const info = await streamInfo(bed().js, "OBJ_assets", { subjects: true });
    const names = Object.keys(info!.state.subjects ?? {}).filter((subject) => subject.startsWith("$O.assets.C."));
    const used = new Set((await store.list()).map(({ nuid }) => nuid));
    return names.map((subject) => subject.slice("$O.assets.C.".length)).filter((name) => !used.has(name));
  };

  /** The process ends where it would send such a request. */
  async function cutAt(which: RegExp, work: () => Promise<unknown>): Promise<void> {
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { request } = JetStream.prototype;
    JetStream.prototype.request = async function (this: JetStream, subject, payload, what, there) {
      if (which.test(subject)) throw new Error("killed");
      return request.call(this, subject, payload, what, there);
    };
    try {
      await assert.rejects(work(), /^Error: killed$/);
    } finally {
      JetStream.prototype.request = request;
    }
  }

  /** JetStream over a line that loses what `lost` says. */
  const lossy = (
    timeLeft: number,
    lost: (subject: string, send: () => Promise<unknown>) => Promise<void>,
  ): JetStream => {
    const { connection } = bed();
    const timeout = Object.assign(new Error("TIMEOUT"), { code: "TIMEOUT" });
    const request: typeof connection.request = async (subject, ...rest) => {
      if (!subject.startsWith("$O.assets.M.")) return connection.request(subject, ...rest);
      await lost(subject, () => connection.request(subject, ...rest));
      throw timeout;
    };
    const line = new Proxy(connection, {
      get: (target, name) => {
        const member: unknown = name === "request" ? request : Reflect.get(target, name);
        return typeof member === "function" && name !== "request" ? (member.bind(target) as unknown) : member;
      },
    });
    return new JetStream(line, { timeout: timeLeft });
  };
  const smallUpload = (name: string) => ({
    bucket: "assets",
    name,
    open: () => [Buffer.from("small")],
    chunkSize: 1000,
    note: `note${name}`,
    meta: { bucket: "assets", name },
    after: 0,
  });

  it("an answer that gets lost is looked for, and nothing is written twice", async () => {
    const js = lossy(20_000, async (_subject, send) => void (await send()));
    await uploadObject(js, smallUpload("answered"));
    assert.equal(Buffer.from((await store.getBlob("answered"))!).toString(), "small");
    assert.deepEqual(await strayChunks(), []);
  });

  it("an entry that may still arrive keeps its chunks, so that nobody ever sees half an object", async () => {
    let late: (() => Promise<unknown>) | undefined;
    const js = lossy(2000, async (_subject, send) => void (late ??= send));
    await assert.rejects(uploadObject(js, smallUpload("late")), /whether the object is stored is not known\. Fix: run/);
    assert.equal(await store.info("late"), null);
    await late!();
    assert.equal(Buffer.from((await store.getBlob("late"))!).toString(), "small");
  });

  it("a file that changes after the preview is not stored", async () => {
    const file = path.join(dir, "moving");
    writeFileSync(file, "as previewed");
    const inputs = await checkedOf(undefined, { ...at("moving"), file });
    writeFileSync(file, "another one");
    await assert.rejects(handler.create(context(), inputs), /has changed since the preview\. Fix: run pulumi up again/);
    assert.equal(await readObject(bed().js, { bucket: "assets", name: "moving" }), undefined);
  });

  it("a store without room says so in the preview; the upload is refused and leaves nothing", async () => {
    const file = path.join(dir, "wide");
    writeFileSync(file, Buffer.alloc(2_000_000));
    const inputs = { bucket: "tight", name: "wide", file };
    assert.match(
      (await problemsOf(undefined, inputs))[0]!,
      /^file warning: it has 1954 KiB; store "tight" has room for 489 KiB of 489 KiB/,
    );
    await assert.rejects(handler.create(context(), await checkedOf(undefined, inputs)), /10077.*Fix: raise maxBytes/);
    assert.equal(await messagesIn("OBJ_tight"), 0);
  });

  it("a change of words uploads nothing; one of the content replaces the chunks", async () => {
    const base = { ...at("words"), value: "content" };
    let state = await made(base);
    const { nuid } = (await readObject(bed().js, base))!.meta;
    const news = { ...base, description: "now with words", metadata: { team: "billing" } };
    const diff = await handler.diff(context(), id(base), state, news);
    assert.deepEqual(diff.changes, { description: "add", metadata: "add" });
    assert.deepEqual(diff.notes, [{ severity: "info", message: "its content stays: nothing is uploaded" }]);
    state = await handler.update(context(), id(base), state, news);
    assert.equal((await readObject(bed().js, base))!.meta.nuid, nuid);
    const other = { ...news, value: "another content" };
    assert.deepEqual((await handler.diff(context(), id(base), state, other)).changes, { value: "update" });
    state = await handler.update(context(), id(base), state, other);
    assert.notEqual((await readObject(bed().js, base))!.meta.nuid, nuid);
    const subjects = (await streamInfo(bed().js, "OBJ_assets", { subjects: true }))!.state.subjects!;
    assert.equal(subjects[`$O.assets.C.${nuid}`], undefined);
    await handler.delete(context(), id(base), state);
  });

  it("an object that somebody else stored is not written over or deleted unseen", async () => {
    const base = at("shared");
    const state = await made({ ...base, value: "ours" });
    await store.putBlob({ name: "shared" }, Buffer.from("theirs"));
    const news = { ...base, value: "ours, newer" };
    assert.match(
      await notesOf(state, news),
      /object "shared" of store "assets" was changed elsewhere.*the write will be refused/,
    );
    await assert.rejects(handler.update(context(), id(base), state, news), /changed elsewhere/);
    await assert.rejects(handler.delete(context(), id(base), state), /changed elsewhere/);
    assert.match(await notesOf(state, { ...news, onConflict: "overwrite" }), /it is written over$/m);
    const seen = (await handler.read(context(), id(base), state))!;
    assert.match(lines.join("\n"), /its content changed outside of this stack, by a client that is no stack/);
    assert.deepEqual((await handler.diff(context(), id(base), seen.state, { ...base, value: "ours" })).changes, {
      value: "update",
    });
    await handler.update(context(), id(base), seen.state, news);
    assert.equal(Buffer.from((await store.getBlob("shared"))!).toString(), "ours, newer");
  });

  it("one that is there is not taken; a link is named; a missing store too", async () => {
    await store.putBlob({ name: "precious" }, Buffer.from("theirs"));
    const inputs = { ...at("precious"), value: "ours" };
    await assert.rejects(
      handler.create(context(), inputs),
      /exists already \(6 bytes\) and no stack stored it\. Fix: adopt/,
    );
    assert.match(
      (await problemsOf(undefined, { ...inputs, adopt: true }))[0]!,
      /^value warning: .*it is written over$/,
    );
    await store.link("pointer", (await store.info("precious"))!);
    await assert.rejects(handler.read(context(), "assets/pointer", undefined), /is a link to another one/);
    await assert.rejects(
      handler.create(context(), { bucket: "nowhere", name: "x", value: "x" }),
      /object store "nowhere" does not exist\. Fix: make the store first/,
    );
    await cli("add", "gone");
    const state = await made({ bucket: "gone", name: "x", value: "x" });
    await cli("rm", "gone", "--force");
    await assert.rejects(
      handler.update(context(), "gone/x", state, { bucket: "gone", name: "x", value: "y" }),
      /object store "gone" does not exist\. Fix: make the store first/,
    );
  });

  it("no content stands in the state", async () => {
    for (const content of [{ value: "top-secret" }, { json: { a: "top-secret" } }, { base64: "dG9wLXNlY3JldA==" }]) {
      const inputs = { ...at("hidden"), ...content };
      const state = await made(inputs);
      assert.doesNotMatch(JSON.stringify(state), /top-secret|dG9wLXNlY3JldA/);
      assert.deepEqual((await handler.diff(context(), id(inputs), state, inputs)).changes, {});
      const seen = (await handler.read(context(), id(inputs), state))!;
      assert.deepEqual((await handler.diff(context(), id(inputs), seen.state, inputs)).changes, {});
      await handler.delete(context(), id(inputs), state);
    }
  });
});
