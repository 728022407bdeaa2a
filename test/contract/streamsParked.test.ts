import assert from "node:assert/strict";
import { streamInfo } from "../../provider/apply/jetstreamStreams";
import { park } from "../../provider/apply/parkedStream";
import { waitFor } from "../../provider/apply/wait";
import { unknownValue } from "../../provider/host/handler";
import type { Diff } from "../../provider/host/handler";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs } from "../../provider/resources/streamsHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { contextOf } from "./suite";

describe("Maps of streams with a backup", () => {
  const bed = jetStreamBed();
  const context = () => contextOf(new Map([["servers", bed().server.url]]), "urn:apps").context;
  const subjectsOf = async (name: string) => (await streamInfo(bed().js, name))!.config["subjects"];
  const streams = { A: { subjects: ["a"] }, B: { subjects: ["b"] } };
  const news: StreamsInputs = { onDataLoss: "backup", backup: { dir: "/nowhere" }, streams };

  it("tell members whose subjects an end that was cut short has taken away, without a refresh, and give them back", async () => {
    const { state } = await streamsHandler.create(context(), news);
    // What was looked for half a second ago is not looked for again.
    const told = (wanted: StreamsInputs, path: string): Promise<Diff> =>
      waitFor<Diff>("a look that is fresh", { timeout: 60_000 }, async () => {
        const seen = await streamsHandler.diff(context(), "apps", state, wanted);
        return path in seen.changes ? { value: seen } : { pending: JSON.stringify(seen.changes) };
      });
    await park(bed().js, (await streamInfo(bed().js, "A"))!);
    const { changes, notes = [] } = await told(news, "streams.A.subjects");
    assert.deepEqual(changes, { "streams.A.subjects": "update" });
    assert.match(
      notes[0]!.message,
      /^stream "A": stores nothing: its subjects were taken away .*; `up` gives them back/,
    );
    assert.deepEqual(await streamsHandler.update(context(), "apps", state, news), state);
    assert.deepEqual(await subjectsOf("A"), ["a"]);
    assert.deepEqual((await streamsHandler.diff(context(), "apps", state, news)).changes, {});
    // Nothing is written anew but what is done when messages would go.
    await park(bed().js, (await streamInfo(bed().js, "B"))!);
    const allowed: StreamsInputs = { streams, onDataLoss: "allow" };
    await told(allowed, "streams.B.subjects");
    await streamsHandler.update(context(), "apps", state, allowed);
    assert.deepEqual(await subjectsOf("B"), ["b"]);
  });

  it("look at another place for it where nothing else changes", async () => {
    const before: StreamsInputs = { ...news, streams: { C: { subjects: ["c"] }, D: { subjects: ["d"] } } };
    const { state } = await streamsHandler.create(context(), before);
    const said = async (wanted: StreamsInputs): Promise<string[]> => {
      const { problems } = await streamsHandler.check(context(), state, wanted);
      return problems.map(({ path, reason, severity }) => `${path} ${severity}: ${reason}`);
    };
    assert.deepEqual(await said({ ...before, backup: { bucket: "nowhere" } }), [
      'backup.bucket warning: there is no object store "nowhere"',
    ]);
    const own = { ...before, streams: { ...before.streams, D: { subjects: ["d"], backup: { bucket: "gone" } } } };
    assert.deepEqual(await said(own), ['streams.D.backup.bucket warning: there is no object store "gone"']);
    assert.deepEqual(await said({ ...before, backup: { dir: "/elsewhere" } }), []);
    const unknown = { ...before, backup: unknownValue as unknown as { dir: string } };
    assert.deepEqual(await said(unknown), []);
    const { notes } = await streamsHandler.diff(context(), "apps", state, { ...unknown, streams: {} });
    assert.deepEqual(notes, [{ severity: "info", message: '2 streams ("C", "D"): is deleted' }]);
    await streamsHandler.delete(context(), "apps", { ...state, onDataLoss: "allow" });
  });
});
