import assert from "node:assert/strict";
import fc from "fast-check";
import { serverVersions } from "../bed/natsServer";
import { compareReadings, disagreements, seedOfRun } from "./confBed";
import { confTexts } from "./confTexts";

describe("random texts of nats.conf", () => {
  const counts = { "2.15.2": 900, "2.14.9": 150, "2.12.15": 150, "2.11.17": 150 } as const;
  for (const version of serverVersions) {
    it(`are read and refused as nats-server ${version} does, ${counts[version]} of them`, async function () {
      this.timeout(480_000);
      const seed = seedOfRun();
      const texts = fc.sample(confTexts, { seed, numRuns: counts[version] });
      const comparisons = await compareReadings(texts, version);
      assert.equal(disagreements(comparisons), "", `CONF_SEED=${seed}`);
      const digested = comparisons.filter((comparison) => comparison.digested).length;
      const refused = comparisons.filter(({ server }) => server.isSyntaxError).length;
      assert.ok(digested > texts.length / 10, `${digested} of ${texts.length} had a digest to compare`);
      assert.ok(refused > texts.length / 10, `${refused} of ${texts.length} were refused`);
    });
  }
});
