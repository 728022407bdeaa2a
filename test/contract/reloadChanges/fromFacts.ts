import { facts } from "../../../provider/model/facts";
import type { KeyFact } from "../../../provider/model/facts";
import type { Line, ReloadChange } from "./change";
import { factBases } from "./factBases";
import type { Tree } from "./factBases";
import { leftOut, sampleFor } from "./factSamples";

/** A change of every key by itself, straight from the table of facts: from absent (or from what the block needs) to another value. */
export function factChanges(): Readonly<Record<string, readonly ReloadChange[]>> {
  const groups: Record<string, ReloadChange[]> = {};
  for (const fact of facts()) {
    const change = changeOf(fact);
    if (!change) continue;
    const group = `every key of ${fact.path.split(".")[0]!.replace("[]", "")}`;
    (groups[group] ??= []).push(change);
  }
  return groups;
}

function changeOf(fact: KeyFact): ReloadChange | undefined {
  const base = factBases.find(({ under }) => under.test(fact.path));
  const value = sampleFor(fact.path) ?? sampleOf(fact);
  if (!base || value === undefined || leftOut.some((pattern) => pattern.test(fact.path))) return undefined;
  const to = structuredClone(base.tree);
  setAt(to, fact.path.replaceAll("<name>", "A").replaceAll("<subject>", "a").split("."), value);
  const since = sinceLine(fact.since ?? "2.11");
  const needed = base.since && since < base.since ? base.since : since;
  return {
    name: `${fact.path} alone`,
    from: write(base.tree),
    to: write(to),
    ...(needed === "2.11" ? {} : { since: needed }),
    ...(base.mode ? { mode: base.mode } : {}),
  };
}

function sampleOf(fact: KeyFact): unknown {
  const type = fact.type;
  if (fact.enum) return fact.enum.find((one) => one !== fact.default);
  if (type.startsWith("bool")) return fact.default?.startsWith("true") !== true;
  if (type.startsWith("duration")) return "7s";
  if (type.startsWith("number(s)")) return 7;
  if (type.startsWith("size")) return 3_145_728;
  if (type.startsWith("int")) return 7;
  if (type === "host:port") return "example.com:4333";
  if (type === "subject" || type === "subject|list") return "x";
  if (type === "string") return fact.secret ? "hush-x" : "x1";
  if (type === "path") return "{dir}/x";
  return undefined;
}

function sinceLine(since: string): Line {
  const lines: readonly Line[] = ["2.11", "2.12", "2.14", "2.15"];
  const numbers = (text: string) => text.replace("<=", "").split(".").map(Number);
  const [major = 0, minor = 0, patch = 0] = numbers(since);
  const value = major * 10_000 + minor * 100 + patch;
  const tested: Readonly<Record<Line, number>> = { "2.11": 21_117, "2.12": 21_215, "2.14": 21_409, "2.15": 21_502 };
  return lines.find((line) => tested[line] >= value) ?? "2.15";
}

/** `users[]` enters the list's first element. */
function setAt(tree: Tree, parts: readonly string[], value: unknown): void {
  let place = tree;
  parts.forEach((part, index) => {
    const [name, isList] = [part.replace("[]", ""), part.endsWith("[]")];
    if (index === parts.length - 1) {
      place[name] = value;
      return;
    }
    const next = (place[name] ??= isList ? [{}] : {}) as Tree | Tree[];
    place = Array.isArray(next) ? next[0]! : next;
  });
}

/** JSON is nats.conf. */
function write(tree: Tree): string {
  const lines = Object.entries(tree).map(([key, value]) => {
    const json = JSON.stringify(value);
    return json.startsWith("{") ? `${key} ${json}` : `${key}: ${json}`;
  });
  return ["accounts" in tree ? "# {system}" : "", ...lines].join("\n").trim();
}
