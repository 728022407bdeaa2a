import assert from "node:assert/strict";
import type { KV } from "nats";
import { readEntry } from "../../provider/apply/keyValueEntries";
import { waitFor } from "../../provider/apply/wait";
import { adoptionProblems } from "../../provider/host/adoption";
import { unknownValue } from "../../provider/host/handler";
import type { CallContext } from "../../provider/host/handler";
import type { KeyValueEntryInputs } from "../../provider/model/keyValueEntry";
import { keyValueEntryHandler } from "../../provider/resources/keyValueEntryHandler";
import type { KeyValueEntryState } from "../../provider/resources/keyValueEntryState";
import { jetStreamBed } from "../bed/jetStreamBed";
import { natsCli } from "../bed/natsCli";
import { contextOf } from "./suite";

const handler = keyValueEntryHandler;

/** Where other tools write blindly or see nothing; each on a real server. */
describe("What other tools get wrong about keys", () => {
  const bed = jetStreamBed();
  let kv: KV;
  const lines: string[] = [];
  const context = (urn = "urn:key"): CallContext => {
    const said = contextOf(new Map([["servers", bed().server.url]]), urn);
    const say = async (message: string): Promise<void> => void lines.push(message);
    return { ...said.context, warn: say, info: say };
  };
  const cli = (...args: string[]): Promise<string> => natsCli(bed().server.url, "kv", ...args);
  before(async () => {
    await cli("add", "config", "--marker-ttl", "1h", "--history", "5");
    await cli("add", "timed", "--marker-ttl", "1h");
    await cli("add", "plain", "--max-value-size", "400");
    kv = await bed().connection.jetstream().views.kv("config", { bindOnly: true });
  });
  beforeEach(() => lines.splice(0));

  const place = (key: string): KeyValueEntryInputs => ({ bucket: "config", key });
  const made = async (inputs: KeyValueEntryInputs): Promise<KeyValueEntryState> => {
    const checked = await handler.check(context(), undefined, inputs);
    assert.deepEqual(checked.problems, []);
    return (await handler.create(context(), checked.inputs)).state;
  };
  const id = ({ bucket, key }: KeyValueEntryInputs): string => `${bucket}/${key}`;
  const notesOf = async (state: KeyValueEntryState, news: KeyValueEntryInputs): Promise<string> =>
    (await handler.diff(context(), id(news), state, news)).notes!.map(({ message }) => message).join("\n");
  const problemsOf = async (state: KeyValueEntryState | undefined, news: KeyValueEntryInputs) =>
    (await handler.check(context(), state, news)).problems.map(
      ({ path, severity, reason }) => `${path} ${severity ?? "error"}: ${reason}`,
    );
  const refreshed = (state: KeyValueEntryState) => handler.read(context(), id(state), state);

  it("a value that somebody else wrote is not written over unseen: refused in the preview and at the write", async () => {
    const base = place("shared");
    const state = await made({ ...base, value: "ours" });
    await cli("put", "config", "shared", "theirs");
    const news = { ...base, value: "ours, newer" };
    assert.match(
      await notesOf(state, news),
      /key "shared" of bucket "config" was changed elsewhere: it is at revision \d+ .*, the stack knows \d+.*the write will be refused/,
    );
    await assert.rejects(handler.update(context(), id(base), state, news), /changed elsewhere.*Fix: pulumi refresh/);
    await assert.rejects(handler.delete(context(), id(base), state), /changed elsewhere/);
    assert.equal((await kv.get("shared"))!.string(), "theirs");

    assert.match(await notesOf(state, { ...news, onConflict: "overwrite" }), /it is written over$/m);
    const seen = (await refreshed(state))!;
    assert.equal(seen.inputs.value, "theirs");
    assert.match(lines.join("\n"), /its value was changed outside of this stack, by a client that is no stack/);
    assert.deepEqual((await handler.diff(context(), id(base), seen.state, news)).changes, { value: "update" });
    assert.deepEqual(await problemsOf(seen.state, news), []);
    await handler.update(context(), id(base), seen.state, news);
    assert.equal((await kv.get("shared"))!.string(), "ours, newer");
  });

  it("two writers at once: one is told, and nothing of it is written", async () => {
    const base = place("raced");
    const state = await made({ ...base, value: "0" });
    const attempts = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((each) => handler.update(context(), id(base), state, { ...base, value: String(each) })),
    );
    const won = attempts.filter(({ status }) => status === "fulfilled");
    assert.equal(won.length, 1);
    const reasons = attempts.flatMap((attempt) =>
      attempt.status === "rejected" ? [(attempt.reason as Error).message] : [],
    );
    for (const reason of reasons) assert.match(reason, /is at revision \d+/);
    assert.equal((await kv.get("raced"))!.revision, state.revision + 1);
  });

  it("a key that exists is not taken: adopt says what is written over, import takes it as it is", async () => {
    await cli("put", "config", "theirs", "precious");
    const inputs = { ...place("theirs"), value: "ours" };
    await assert.rejects(
      handler.create(context(), inputs),
      /exists already \(revision \d+\) and no stack wrote it\. Fix: adopt: true/,
    );
    assert.equal((await kv.get("theirs"))!.string(), "precious");
    assert.match((await problemsOf(undefined, { ...inputs, adopt: true }))[0]!, /^value warning: .*is written over$/);
    await handler.create(context(), { ...inputs, adopt: true });
    assert.equal((await kv.get("theirs"))!.string(), "ours");
  });

  it("one of another stack that holds the same is adopted by its mark alone, which the preview says", async () => {
    const inputs = { ...place("moved"), json: { rate: 5 } };
    const theirs = (await handler.create(context("urn:other"), inputs)).state;
    const adopting = { ...inputs, json: { rate: 5 }, adopt: true };
    assert.deepEqual(await problemsOf(undefined, adopting), []);
    assert.deepEqual(lines.splice(0), [
      'adopts key "moved" of bucket "config" from urn:other: it holds what the program says, a new revision says whose it is now',
    ]);
    const { state } = await handler.create(context(), adopting);
    assert.equal(state.revision, theirs.revision + 1);
    assert.equal((await readEntry(bed().js, inputs))!.owner, "urn:key");
    await handler.delete(context("urn:other"), id(inputs), theirs);
    assert.match(lines.splice(0).join("\n"), /^key "moved" of bucket "config" belongs to urn:key now: it stays/);
    assert.equal((await kv.get("moved"))!.string(), '{"rate":5}');
    // Ours by now: nothing to say.
    assert.deepEqual(await problemsOf(undefined, adopting), []);
    assert.deepEqual(lines, []);
    const other = { ...adopting, json: { rate: 6 } };
    assert.match(
      (await handler.check(context("urn:third"), undefined, other)).problems[0]!.reason,
      /^key "moved" of bucket "config" exists \(revision \d+, of \S+\) and belongs to urn:key: what it holds is written over$/,
    );
  });

  it("one of another stack with a time of its own starts anew by that, which the preview says too", async () => {
    const inputs = { bucket: "timed", key: "lent", value: "x", ttl: "1h" };
    await handler.create(context("urn:other"), inputs);
    assert.deepEqual(await problemsOf(undefined, { ...inputs, adopt: true }), []);
    assert.match(lines.join("\n"), /^adopts .*: it holds .*whose it is now, and its time starts anew$/);
  });

  it("one that no stack wrote and holds the same is adopted without a write; what is not known yet may write over it", async () => {
    await cli("put", "config", "found", "same");
    const { revision } = (await kv.get("found"))!;
    const inputs = { ...place("found"), value: "same", adopt: true };
    assert.deepEqual(await problemsOf(undefined, inputs), []);
    assert.deepEqual(lines, [
      'adopts key "found" of bucket "config": it holds what the program says, nothing is written',
    ]);
    assert.equal((await handler.create(context(), inputs)).state.revision, revision);
    assert.match(
      (await problemsOf(undefined, { ...inputs, value: unknownValue })).join("\n"),
      /^value warning: key "found" of bucket "config" exists .*: what it holds is written over, unless it is the same$/,
    );
  });

  it("a value is shown nowhere: not in problems, notes, nor where an import differs", async () => {
    await cli("put", "config", "token", "live-secret");
    const inputs = { ...place("token"), value: "wanted-secret" };
    const found = await adoptionProblems(handler, context(), "config/token", inputs);
    assert.equal(found.length, 1);
    const state = { ...inputs, revision: 1, created: "" };
    const texts = [
      ...found.map(({ reason }) => reason),
      ...(await problemsOf(state, { ...inputs, value: "third-secret" })),
      ...((await handler.diff(context(), "config/token", state, { ...inputs, value: "x" })).notes ?? []).map(String),
      ...lines,
    ];
    assert.doesNotMatch(texts.join("\n"), /secret/);
  });

  it("a time of its own is kept, changed by a new writing, and seen when it has run out", async () => {
    const base = { bucket: "timed", key: "brief" };
    const state = await made({ ...base, value: "x", ttl: "1m" });
    assert.equal((await readEntry(bed().js, base))!.ttl, "1m");
    assert.equal((await refreshed(state))!.inputs.ttl, "1m");
    const news = { ...base, value: "x", ttl: "1s" };
    const diff = await handler.diff(context(), id(base), state, news);
    assert.deepEqual(diff.changes, { ttl: "update" });
    assert.match(diff.notes![0]!.message, /written again, and its time starts anew/);
    const brief = await handler.update(context(), id(base), state, news);
    await waitFor("the key runs out", { timeout: 60_000, interval: 100 }, async () =>
      (await refreshed(brief)) === undefined ? { value: true } : { pending: "it is there" },
    );
    assert.match(lines.join("\n"), /key "brief" of bucket "timed" is not there any more: it was kept until its time/);
    const again = await handler.update(context(), id(base), brief, { ...news, ttl: "1h" });
    assert.ok(again.revision > brief.revision);
  });

  it("a time that the server makes longer is told, and no difference ever after", async () => {
    const inputs = { ...place("raised"), value: "x", ttl: "1m" };
    assert.match(
      (await problemsOf(undefined, inputs))[0]!,
      /^ttl warning: with a history above 1 the server keeps it as long as the markers of bucket "config", 1h$/,
    );
    const { state } = await handler.create(context(), inputs);
    assert.equal(state.serverTtl, "1h");
    const seen = (await refreshed(state))!;
    assert.deepEqual(seen, { inputs, state });
    assert.deepEqual((await handler.diff(context(), id(inputs), seen.state, inputs)).changes, {});
  });

  it("a time needs a bucket that has them, and the preview says so", async () => {
    const inputs = { bucket: "plain", key: "k", value: "x", ttl: "1h" };
    assert.match(
      (await problemsOf(undefined, inputs))[0]!,
      /^ttl warning: bucket "plain" has no times for single keys/,
    );
    await assert.rejects(handler.create(context(), inputs), /message per-message TTL is disabled|TTL.*disabled/i);
  });

  it("headers count where a bucket limits values: what fits barely is written without the owner's name", async () => {
    const base = { bucket: "plain", key: "barely" };
    const longUrn = `urn:${"x".repeat(100)}`;
    const inputs = { ...base, value: "v".repeat(340) };
    assert.deepEqual(await problemsOf(undefined, inputs), []);
    await handler.create(context(longUrn), inputs);
    assert.equal((await readEntry(bed().js, base))!.owner, undefined);
    const tooLarge = { ...base, key: "over", value: "v".repeat(380) };
    assert.match(
      (await problemsOf(undefined, tooLarge))[0]!,
      /380 bytes, with its headers 4\d\d; bucket "plain" takes 400/,
    );
    await assert.rejects(handler.create(context(), tooLarge), /10054/);
  });

  it("deletes leave the history, purges do not, and both are seen", async () => {
    for (const onDelete of ["delete", "purge"] as const) {
      const base: KeyValueEntryInputs = { ...place(`end-${onDelete}`), onDelete };
      let state = await made({ ...base, value: "1" });
      state = await handler.update(context(), id(base), state, { ...base, value: "2" });
      await handler.delete(context(), id(base), state);
      const history: string[] = [];
      for await (const entry of await kv.history({ key: base.key })) history.push(entry.operation);
      assert.deepEqual(history, onDelete === "delete" ? ["PUT", "PUT", "DEL"] : ["PURGE"]);
      assert.equal(await refreshed(state), undefined);
      const after = await handler.create(context(), { ...base, value: "3" });
      assert.equal((await kv.get(base.key))!.string(), "3");
      await handler.delete(context(), id(base), after.state);
    }
  });

  it("JSON is compared by what it means", async () => {
    const base = place("spelled");
    const state = await made({ ...base, json: { a: 1, b: [true, null] } });
    await cli("put", "config", "spelled", '{ "b": [true, null],\n "a": 1 }');
    const seen = (await refreshed(state))!;
    assert.deepEqual(seen.inputs, { ...base, json: { a: 1, b: [true, null] } });
    assert.deepEqual((await handler.diff(context(), id(base), seen.state, seen.inputs)).changes, {});
    const broken = await made({ ...place("broken"), json: { a: 1 } });
    await cli("put", "config", "broken", "no json {");
    assert.deepEqual((await refreshed(broken))!.inputs, { ...place("broken"), json: "no json {" });
  });

  it("what the nats CLI puts is imported without a change, and it reads what is written here", async () => {
    await cli("put", "config", "by/cli=1", "hello");
    await cli("create", "config", "timed", "hello", "--ttl", "1h");
    for (const [key, rest] of [
      ["by/cli=1", {}],
      ["timed", { ttl: "1h" }],
    ] as const) {
      const inputs = { ...place(key), value: "hello", ...rest };
      for (const name of [`config/${key}`, `JETSTREAM_KV_config_ENTRY_${key}`]) {
        const imported = (await handler.read(context(), name, undefined))!;
        assert.deepEqual(imported.inputs, inputs);
        assert.deepEqual((await handler.diff(context(), name, imported.state, inputs)).changes, {});
      }
    }
    await made({ ...place("ours"), json: { rate: 5 } });
    assert.equal((await cli("get", "config", "ours", "--raw")).trim(), '{"rate":5}');
  });

  it("a key whose bucket somebody has deleted is gone, and its end succeeds", async () => {
    await cli("add", "brief");
    const state = await made({ bucket: "brief", key: "k", value: "x" });
    await cli("del", "brief", "--force");
    assert.equal(await refreshed(state), undefined);
    await handler.delete(context(), "brief/k", state);
    await assert.rejects(
      handler.update(context(), "brief/k", state, { ...state, value: "y" }),
      /"brief" does not exist/,
    );
  });

  it("a bucket that is missing, or a copy, is named", async () => {
    await assert.rejects(
      handler.create(context(), { bucket: "nowhere", key: "k", value: "x" }),
      /bucket "nowhere" does not exist\. Fix: make the bucket first/,
    );
    await cli("add", "copy", "--mirror", "config");
    const inputs = { bucket: "copy", key: "k", value: "x" };
    assert.match(
      (await problemsOf(undefined, inputs))[0]!,
      /^bucket warning: bucket "copy" is a read-only copy of "config"/,
    );
    await assert.rejects(handler.create(context(), inputs), /read-only copy/);
  });
});
