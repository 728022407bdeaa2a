import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { facts } from "../../../provider/model/facts";
import { generateConfigTypes } from "../../../provider/model/config/generate";
import { propertyName } from "../../../provider/model/config/propertyName";

const folder = path.join(__dirname, "../../../provider/model/config");

describe("generated types", () => {
  const sources = generateConfigTypes();

  it("are those of the facts", () => {
    for (const [file, text] of sources)
      assert.equal(
        compact(readFileSync(path.join(folder, file), "utf8")),
        compact(text),
        `${file}: run npm run generate`,
      );
  });

  it("stay below 400 lines a file", () => {
    for (const file of sources.keys()) {
      const lines = readFileSync(path.join(folder, file), "utf8").split("\n").length;
      assert.ok(lines <= 401, `${file} has ${lines} lines`);
    }
  });

  it("have a documented property for each path of the facts", () => {
    const interfaces = readInterfaces([...sources.values()].join("\n"));
    const missed = facts().filter((fact) => !hasProperty(interfaces, fact.path));
    assert.deepEqual(
      missed.map((fact) => fact.path),
      [],
    );
  });
});

/** What prettier does not change: it wraps long unions with a leading bar and brackets. */
function compact(text: string): string {
  return text
    .replace(/[\s()]+/g, "")
    .replace(/([:<=[])\|/g, "$1")
    .replace(/readonly\|/g, "readonly");
}

interface Shape {
  readonly parents: readonly string[];
  readonly members: ReadonlyMap<string, string>;
}

function readInterfaces(text: string): ReadonlyMap<string, Shape> {
  const found = new Map<string, Shape>();
  for (const match of text.matchAll(/export interface (\w+)(?: extends ([\w, ]+))? \{\n([\s\S]*?)\n\}/g)) {
    const members = [...match[3]!.matchAll(/\*\/\n {2}readonly (\w+)\?: ([^;]+(?:;(?! ?\n)[^;]+)*);/g)];
    found.set(match[1]!, {
      parents: match[2]?.split(", ") ?? [],
      members: new Map(members.map((each) => [each[1]!, each[2]!])),
    });
  }
  for (const match of text.matchAll(/export type (\w+) = ([\w &]+);/g))
    found.set(match[1]!, { parents: match[2]!.split(" & "), members: new Map() });
  return found;
}

function hasProperty(interfaces: ReadonlyMap<string, Shape>, location: string): boolean {
  const typeOf = (name: string, property: string): string | undefined => {
    const each = interfaces.get(name);
    return (
      each?.members.get(property) ??
      each?.parents.map((parent) => typeOf(parent, property)).find((type) => type !== undefined)
    );
  };
  let candidates = ["ServerConfig"];
  for (const part of location.split(".")) {
    if (part.startsWith("<")) continue;
    const property = propertyName(part.replace("[]", ""));
    const types = candidates.map((name) => typeOf(name, property)).filter((type) => type !== undefined);
    if (types.length === 0) return false;
    candidates = types.flatMap((type) =>
      [...type.matchAll(/\b[A-Z]\w+\b/g)].map((match) => match[0]).filter((name) => interfaces.has(name)),
    );
  }
  return true;
}
