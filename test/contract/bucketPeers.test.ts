import assert from "node:assert/strict";
import { createStream, streamInfo, updateStream } from "../../provider/apply/jetstreamStreams";
import { waitFor } from "../../provider/apply/wait";
import type { CallContext, Diff } from "../../provider/host/handler";
import type { KeyValueInputs } from "../../provider/model/keyValue";
import { keyValueHandler } from "../../provider/resources/keyValueHandler";
import type { KeyValueState } from "../../provider/resources/keyValueState";
import { jetStreamBed } from "../bed/jetStreamBed";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

/** Where other tools plan wrongly or not at all; each on a real server with values in the bucket. */
describe("What other tools get wrong about buckets", () => {
  const bed = jetStreamBed();
  const context = (): CallContext => contextOf(new Map([["servers", bed().server.url]]), "urn:bucket").context;

  const made = async (inputs: KeyValueInputs, keys = 0, revisions = 1): Promise<KeyValueState> => {
    assert.deepEqual((await keyValueHandler.check(context(), undefined, inputs)).problems, []);
    const { state } = await keyValueHandler.create(context(), inputs);
    for (let revision = 0; revision < revisions; revision++) {
      for (let key = 0; key < keys; key++) await bed().connection.request(`$KV.${inputs.bucket}.k${key}`, "x", patient);
    }
    return state;
  };
  const problemsOf = async (state: KeyValueState, news: KeyValueInputs): Promise<string[]> =>
    (await keyValueHandler.check(context(), state, news)).problems.map(({ path, reason }) => `${path}: ${reason}`);
  const diffOf = (state: KeyValueState, news: KeyValueInputs): Promise<Diff> =>
    keyValueHandler.diff(context(), news.bucket, state, news);
  const updated = (state: KeyValueState, news: KeyValueInputs): Promise<KeyValueState> =>
    keyValueHandler.update(context(), news.bucket, state, news);
  const live = async (bucket: string) => (await streamInfo(bed().js, `KV_${bucket}`))!;
  const read = async (state: KeyValueState) => (await keyValueHandler.read(context(), state.bucket, state))!;

  it("less history says how many values go, and is refused without a word in the program", async () => {
    const state = await made({ bucket: "history", history: 5 }, 4, 5);
    const news: KeyValueInputs = { bucket: "history" };
    assert.deepEqual(await problemsOf(state, news), [
      'history: from 5 to 1: changes in place; what is beyond a lower limit is deleted at once, oldest first; deletes 16 of 20 values (bucket "history")',
    ]);
    const allowed: KeyValueInputs = { ...news, onDataLoss: "allow" };
    assert.deepEqual(await problemsOf(state, allowed), []);
    const diff = await diffOf(state, allowed);
    assert.deepEqual(diff.changes, { history: "delete", onDataLoss: "add" });
    assert.match(diff.notes![0]!.message, /^history: .*deletes 16 of 20 values$/);
    await updated(state, allowed);
    assert.equal((await live("history")).state.messages, 4);
  });

  it("a shorter ttl says how many values go", async () => {
    const state = await made({ bucket: "aged" }, 3);
    const horizon = Date.now();
    await waitFor("age", { timeout: 5000 }, async () =>
      Date.now() > horizon + 150 ? { value: true } : { pending: "young" },
    );
    assert.match((await problemsOf(state, { bucket: "aged", ttl: "100ms" }))[0]!, /^ttl: .*deletes all 3 values/);
  });

  it("a new ttl says nothing of what follows from it", async () => {
    const state = await made({ bucket: "calm" });
    const diff = await diffOf(state, { bucket: "calm", ttl: "1m" });
    assert.deepEqual([diff.changes, diff.notes], [{ ttl: "add" }, []]);
  });

  it("less room deletes nothing, and the preview says what happens instead", async () => {
    const state = await made({ bucket: "full", maxBytes: "1MiB" }, 20);
    const news: KeyValueInputs = { bucket: "full", maxBytes: "100" };
    assert.deepEqual(await problemsOf(state, news), []);
    const [note] = (await diffOf(state, news)).notes!;
    assert.match(
      note!.message,
      /^maxBytes: .*values that are stored stay, new ones are refused while there is no room/,
    );
    await updated(state, news);
    assert.equal((await live("full")).state.messages, 20);
  });

  it("mirror, sources, republish and compression are settings, and gone from the server when gone from the program", async () => {
    await made({ bucket: "origin" }, 2);
    const base: KeyValueInputs = { bucket: "rich" };
    const state = await made({
      ...base,
      compression: true,
      republish: { dest: "copies.>" },
      sources: [{ name: "origin" }],
      metadata: { team: "billing" },
      description: "x",
      maxValueSize: "1KiB",
    });
    await waitFor("two keys", { timeout: 60_000 }, async () => {
      const { messages } = (await live("rich")).state;
      return messages === 2 ? { value: messages } : { pending: String(messages) };
    });
    const after = await updated(state, base);
    assert.deepEqual((await read(after)).inputs, base);
    const imported = await keyValueHandler.read(context(), "JETSTREAM_KV_rich", undefined);
    assert.deepEqual(imported!.inputs, base);
    assert.equal((await live("rich")).state.messages, 2);
  });

  it("an update of something else keeps the metadata", async () => {
    const state = await made({ bucket: "labels", metadata: { team: "billing" } });
    await updated(state, { bucket: "labels", metadata: { team: "billing" }, history: 3 });
    assert.equal(((await live("labels")).config["metadata"] as Record<string, string>)["team"], "billing");
  });

  it("the marker's time is a duration like every other, and going back to none replaces nothing", async () => {
    const state = await made({ bucket: "marks", limitMarkerTtl: "1h30m" }, 2);
    assert.equal((await live("marks")).config["subject_delete_marker_ttl"], 5_400_000_000_000);
    const news: KeyValueInputs = { bucket: "marks" };
    assert.deepEqual((await diffOf(state, news)).changes, { limitMarkerTtl: "delete" });
    const after = await updated(state, news);
    assert.equal((await live("marks")).state.messages, 2);
    assert.deepEqual((await diffOf(after, news)).changes, {});
    assert.deepEqual((await read(after)).inputs, news);
  });

  it("switching markers on replaces nothing, and says what stays", async () => {
    const state = await made({ bucket: "later" }, 2);
    const news: KeyValueInputs = { bucket: "later", limitMarkerTtl: "1h" };
    const diff = await diffOf(state, news);
    assert.deepEqual(diff.changes, { limitMarkerTtl: "add" });
    assert.match(diff.notes!.map(({ message }) => message).join("\n"), /can't be undone/);
    await updated(state, news);
    assert.equal((await live("later")).state.messages, 2);
  });

  it("a mirror becomes a bucket of its own with its values", async () => {
    await made({ bucket: "first" }, 5);
    const state = await made({ bucket: "copy", mirror: { name: "first" } });
    await waitFor("five keys", { timeout: 60_000 }, async () => {
      const { messages } = (await live("copy")).state;
      return messages === 5 ? { value: messages } : { pending: String(messages) };
    });
    const diff = await diffOf(state, { bucket: "copy" });
    assert.deepEqual(diff.changes, { mirror: "delete" });
    assert.match(diff.notes!.map(({ message }) => message).join("\n"), /mirror: promotes the mirror .*can't be undone/);
    await updated(state, { bucket: "copy" });
    assert.equal((await live("copy")).state.messages, 5);
    assert.deepEqual((await live("copy")).config["subjects"], ["$KV.copy.>"]);
  });

  it("what the bucket's kind sets is watched too: changed outside, it goes back", async () => {
    const state = await made({ bucket: "kind" });
    const { config } = await live("kind");
    await updateStream(bed().js, { ...config, allow_direct: false, max_msgs: 5 });
    const drifted = await read(state);
    assert.deepEqual(drifted.state.unexpected, { allowDirect: false, maxMsgs: 5 });
    const diff = await diffOf(drifted.state, { bucket: "kind" });
    assert.deepEqual(diff.changes, { "unexpected.allowDirect": "delete", "unexpected.maxMsgs": "delete" });
    assert.match(
      diff.notes!.map(({ message }) => message).join("\n"),
      /allowDirect was changed outside: it goes back from false to true/,
    );
    const after = await updated(drifted.state, { bucket: "kind" });
    assert.deepEqual(
      [(await live("kind")).config["allow_direct"], (await live("kind")).config["max_msgs"]],
      [true, -1],
    );
    assert.equal((await read(after)).state.unexpected, undefined);
  });

  it("one that was sealed outside can only be replaced, which is refused in the preview while it holds keys", async () => {
    const state = await made({ bucket: "sealed" }, 2);
    await updateStream(bed().js, { ...(await live("sealed")).config, sealed: true });
    const seen = await read(state);
    const news: KeyValueInputs = { bucket: "sealed" };
    assert.deepEqual(await problemsOf(seen.state, news), [
      'bucket: sealed from true to false replaces bucket "sealed" and deletes all that it holds (2 keys): a sealed bucket can\'t be unsealed (10052)',
    ]);
    assert.equal((await diffOf(seen.state, news)).deleteBeforeReplace, true);
    await assert.rejects(updated(seen.state, news), /is not what the preview saw|deletes all that it holds/);
    assert.deepEqual(await problemsOf(seen.state, { ...news, onDataLoss: "allow" }), []);
  });

  it("a bucket that another client made its own way is imported without a change, and stays that way", async () => {
    const js = bed().connection.jetstream();
    await js.views.kv("theirs", { history: 3, ttl: 3_600_000 });
    const news: KeyValueInputs = { bucket: "theirs", history: 3, ttl: "1h" };
    const imported = (await keyValueHandler.read(context(), "theirs", undefined))!;
    assert.deepEqual(imported.inputs, news);
    assert.deepEqual((await diffOf(imported.state, news)).changes, {});
    const after = await updated(imported.state, { ...news, history: 4 });
    assert.equal((await live("theirs")).config["deny_delete"], false);
    assert.deepEqual((await read(after)).inputs, { ...news, history: 4 });
  });

  it("a refusal by the server is told, and nothing of it stands in the state", async () => {
    await createStream(bed().js, { name: "taker", subjects: ["$KV.taken.>"] });
    const inputs: KeyValueInputs = { bucket: "taken" };
    const { problems } = await keyValueHandler.check(context(), undefined, inputs);
    assert.deepEqual(
      problems.map(({ path, severity }) => [path, severity]),
      [["bucket", "warning"]],
    );
    await assert.rejects(keyValueHandler.create(context(), inputs), /10065.*"\$KV\.taken\.>" with stream "taker"/s);
  });

  it("a bucket with keys is not deleted or replaced; one whose keys are all deleted is", async () => {
    const state = await made({ bucket: "held", history: 2 }, 3);
    await assert.rejects(
      keyValueHandler.delete(context(), "held", state),
      /bucket "held" holds 3 keys, which would be/,
    );
    assert.match(
      (await problemsOf(state, { bucket: "held", history: 2, storage: "memory" }))[0]!,
      /^storage: from "file" to "memory" replaces bucket "held" and deletes all that it holds \(3 keys\)/,
    );
    const kv = await bed().connection.jetstream().views.kv("held", { bindOnly: true });
    for (const key of ["k0", "k1"]) await kv.delete(key);
    await kv.purge("k2");
    assert.deepEqual(await problemsOf(state, { bucket: "held", history: 2, storage: "memory" }), []);
    await keyValueHandler.delete(context(), "held", state);
    assert.equal(await streamInfo(bed().js, "KV_held"), undefined);
  });
});
