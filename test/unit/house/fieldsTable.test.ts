import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { withFieldsTable } from "./fieldsTable";

describe("the README's table of kinds and fields", () => {
  it("is what the code says; `npm run generate` writes it", () => {
    const readme = readFileSync("README.md", "utf8");
    // Prettier pads the columns.
    const bare = (text: string): string => text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
    assert.equal(bare(readme), bare(withFieldsTable(readme)));
    assert.match(readme, /\| `Stream` +\| `ORDERS`/);
  });
});
