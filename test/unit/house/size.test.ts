import assert from "node:assert/strict";
import { filesUnder, textOf } from "./sources";

const isSource = (file: string): boolean => /\.(ts|js|mjs)$/.test(file);
const lines = (file: string): number => textOf(file).split("\n").length - 1;

describe("size of files", () => {
  it("is at most 400 lines", () => {
    const all = ["components", "provider", "examples", "test"].flatMap((folder) => filesUnder(folder, isSource));
    const long = all.filter((file) => lines(file) > 400).map((file) => `${file}: ${lines(file)}`);
    assert.deepEqual(long, []);
  });

  it("is under 80 lines for half of the package's files", function () {
    const sizes = ["components", "provider"]
      .flatMap((folder) => filesUnder(folder, isSource))
      .map(lines)
      .sort((a, b) => a - b);
    const median = sizes[Math.floor(sizes.length / 2)]!;
    this.test!.title += `: ${sizes.length} files, median ${median}, longest ${sizes.at(-1)}`;
    assert.ok(median < 80, `median ${median}`);
  });

  it("is at most 70 lines for an example", () => {
    const programs = filesUnder("examples", isSource).filter((file) => lines(file) > 70);
    assert.deepEqual(programs, []);
  });
});
