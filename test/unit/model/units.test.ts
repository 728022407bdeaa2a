import assert from "node:assert/strict";
import {
  formatDuration,
  formatSize,
  goDuration,
  milliseconds,
  parseDuration,
  parseGoDuration,
  parseSize,
  UnitError,
} from "../../../provider/model/units";

describe("units", () => {
  const durations: readonly [string, bigint, string][] = [
    ["30s", 30_000_000_000n, "30s"],
    ["1.5h", 5_400_000_000_000n, "1h30m0s"],
    ["1h30m", 5_400_000_000_000n, "1h30m0s"],
    ["100us", 100_000n, "100µs"],
    ["1500ms", 1_500_000_000n, "1.5s"],
    ["-2m", -120_000_000_000n, "-2m0s"],
    ["0", 0n, "0s"],
    ["90d", 7_776_000_000_000_000n, "2160h0m0s"],
    ["2w", 1_209_600_000_000_000n, "336h0m0s"],
  ];
  for (const [text, value, go] of durations)
    it(`${text} is ${go}`, () => {
      assert.equal(parseDuration(text), value);
      assert.equal(formatDuration(value), go);
    });

  it("counts whole milliseconds", () => {
    assert.equal(milliseconds("1.5s"), 1500);
    assert.equal(milliseconds("2w"), 1_209_600_000);
    assert.equal(milliseconds("1999us"), 1);
    assert.throws(() => milliseconds("30"), UnitError);
  });

  it("writes days and weeks as hours, and leaves Go durations as they are spelled", () => {
    assert.equal(goDuration("90d"), "2160h");
    assert.equal(goDuration("1d12h"), "36h");
    assert.equal(goDuration("60s"), "60s");
  });

  const wrong: readonly [string, string, string | undefined][] = [
    ["30", '"30" has no unit', '"30s", "30m" or "30h"'],
    ["5 minutes", '"5 minutes" is not a duration (units: ns, us, ms, s, m, h, d, w)', '"5m"'],
    ["soon", '"soon" is not a duration (units: ns, us, ms, s, m, h, d, w)', undefined],
    ["", '"" is not a duration (units: ns, us, ms, s, m, h, d, w)', undefined],
    ["400000w", '"400000w" is longer than 292 years', undefined],
  ];
  for (const [text, reason, fix] of wrong)
    it(`refuses "${text}"`, () => {
      assert.throws(
        () => parseDuration(text),
        (error: unknown) => {
          assert.ok(error instanceof UnitError);
          assert.deepEqual([error.message, error.fix], [reason, fix]);
          return true;
        },
      );
    });

  it("says in hours what Go has no unit for", () => {
    assert.throws(() => parseGoDuration("2d"), { message: /largest unit is h/, fix: '"48h"' });
  });

  const sizes: readonly [string | number, bigint][] = [
    ["10GiB", 10n * 1024n ** 3n],
    ["10GB", 10n * 1024n ** 3n],
    ["10G", 10n ** 10n],
    ["512kb", 524_288n],
    ["1024", 1024n],
    ["30B", 30n],
    ["-1", -1n],
    [-1, -1n],
  ];
  for (const [text, bytes] of sizes) it(`${text} is ${bytes} bytes`, () => assert.equal(parseSize(text), bytes));

  it("formats bytes exactly", () => {
    assert.deepEqual([0n, 1000n, 1536n * 1024n, 10n * 1024n ** 3n, -1n].map(formatSize), [
      "0",
      "1000",
      "1536KiB",
      "10GiB",
      "-1",
    ]);
  });

  it("refuses sizes that are none, with the nearest one", () => {
    assert.throws(() => parseSize("1.5GB"), { fix: '"1536MiB"' });
    assert.throws(() => parseSize("10 gigs"), {
      message: '"10 gigs" is not a size (units: KiB, MiB, GiB, TiB)',
      fix: '"10GiB"',
    });
    assert.throws(() => parseSize("9EiB"), { message: '"9EiB" is more than 8 EiB' });
  });
});
