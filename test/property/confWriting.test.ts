import assert from "node:assert/strict";
import fc from "fast-check";
import { configDigest, digestOf } from "../../provider/conf/digest";
import { parseConf } from "../../provider/conf/parser";
import type { ConfMap, ConfValue } from "../../provider/conf/value";
import { writeConf } from "../../provider/conf/writer";
import { serverVersions } from "../bed/natsServer";
import { checkAllWithServer } from "../bed/natsServerCheck";
import { seedOfRun } from "./confBed";
import { confMaps } from "./confMaps";

/** The values under a variable of a file that a server takes: the variable serves in a list that is replaced at once. */
function holding(map: ConfMap): ConfMap {
  return new Map<string, ConfValue>([
    ["values", map],
    ["port", 4222n],
  ]);
}

function textWithUse(map: ConfMap): string {
  return writeConf(holding(map)).replace(/port: 4222\n$/, "port: [\n$values\n]\nport: 4222\n");
}

describe("random maps written as nats.conf", () => {
  it("come back from our reader as they were, 2500 of them", () => {
    const seed = seedOfRun();
    fc.assert(
      fc.property(confMaps, (map) => {
        const text = writeConf(map);
        const parsed = parseConf(text);
        assert.deepEqual(parsed.root, map);
        assert.deepEqual(parsed.warnings, []);
        assert.equal(configDigest(parsed), digestOf(map));
        assert.equal(writeConf(parsed.root), text);
      }),
      { seed, numRuns: 2500 },
    );
  });

  const counts = { "2.15.2": 300, "2.14.9": 100, "2.12.15": 100 } as const;
  for (const [version, numRuns] of Object.entries(counts)) {
    it(`have the digest that nats-server ${version} says, ${numRuns} of them`, async function () {
      this.timeout(300_000);
      const seed = seedOfRun();
      const maps = fc.sample(confMaps, { seed, numRuns });
      const checks = await checkAllWithServer(maps.map((map) => ({ text: textWithUse(map), version })));
      const wrong = maps.flatMap((map, index) => {
        const { digest, lines } = checks[index]!;
        return digest === digestOf(holding(map)) ? [] : [`${JSON.stringify(textWithUse(map))}: ${digest ?? lines[0]}`];
      });
      assert.deepEqual(wrong.slice(0, 5), [], `CONF_SEED=${seed}`);
    });
  }

  it("are taken by nats-server 2.11.17, which leaves used variables out of its digest", async function () {
    this.timeout(180_000);
    const maps = fc.sample(confMaps, { seed: seedOfRun(), numRuns: 100 });
    const checks = await checkAllWithServer(
      maps.map((map) => ({ text: textWithUse(map), version: serverVersions[3] })),
    );
    for (const { digest, lines } of checks) assert.equal(digest, digestOf(new Map([["port", 4222n]])), lines[0]);
  });
});
