import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { streamInfo, streamNames } from "../../provider/apply/jetstreamStreams";
import { streamsHandler } from "../../provider/resources/streamsHandler";
import type { StreamsInputs } from "../../provider/resources/streamsHandler";
import { jetStreamBed } from "../bed/jetStreamBed";
import { serverVersions } from "../bed/natsServer";
import { patient } from "../bed/patient";
import { contextOf } from "./suite";

for (const version of serverVersions) {
  describe(`Maps of streams whose members have gone elsewhere, nats-server ${version}`, () => {
    const bed = jetStreamBed(version);
    const config = () => new Map([["servers", bed().server.url]]);
    const urn = "urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:Streams::apps";
    const said: string[] = [];
    const here = () => ({ ...contextOf(config(), urn).context, warn: async (text: string) => void said.push(text) });

    it("leave a member that another resource has taken over meanwhile, with what it holds, and the preview says so", async () => {
      const state = (
        await streamsHandler.create(here(), { streams: { A: { subjects: ["a"] }, B: { subjects: ["b"] } } })
      ).state;
      for (let count = 0; count < 3; count++) await bed().connection.request("a", "x", patient);
      const other = contextOf(config(), "urn:pulumi:test::suite::pulumi-nodejs:dynamic/nats:Streams::other").context;
      await streamsHandler.create(other, { streams: { A: { subjects: ["a"], adopt: true } } });
      const { owners, marked } = (await streamsHandler.read(here(), "A,B", undefined))!;
      assert.deepEqual([owners, marked], [[other.urn, urn], { [other.urn!]: 'stream "A"', [urn]: 'stream "B"' }]);
      const without: StreamsInputs = { streams: { B: { subjects: ["b"] } } };
      assert.deepEqual((await streamsHandler.check(here(), state, without)).problems, []);
      const diff = await streamsHandler.diff(here(), "apps", state, without);
      assert.deepEqual(diff, {
        changes: { "streams.A": "delete" },
        notes: [
          {
            severity: "warning",
            message: `stream "A": belongs to ${other.urn} now: it stays as it is, out of this map`,
          },
        ],
      });
      const after = await streamsHandler.update(here(), "apps", state, without);
      assert.deepEqual([after, said], [without, []], "what the comparison has said is not said again");
      await streamsHandler.diff(here(), "apps", state, { ...state });
      await streamsHandler.update(here(), "apps", state, without);
      assert.deepEqual(said, [`stream "A": belongs to ${other.urn} now: it stays as it is, out of this map`]);
      // To let go of what is somebody else's by now needs no snapshot either.
      const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-taken-"));
      const kept: StreamsInputs = { ...without, onDataLoss: "backup", backup: { dir } };
      await streamsHandler.update(here(), "apps", { ...state, ...kept, streams: state.streams }, kept);
      await streamsHandler.delete(here(), "apps", { ...state, onDataLoss: "refuse" });
      assert.deepEqual(readdirSync(dir), []);
      rmSync(dir, { recursive: true });
      assert.deepEqual(await streamNames(bed().js), ["A"]);
      assert.equal((await streamInfo(bed().js, "A"))!.state.messages, 3);
    });
  });
}
