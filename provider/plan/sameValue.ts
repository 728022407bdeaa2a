import { isConfList, isConfMap } from "../conf/value";
import type { ConfValue } from "../conf/value";
import type { KeyFact } from "../model/facts";
import { parseGoDuration, parseSize } from "../model/units";

/** True where the server reads the same from both, though they may be spelled differently; undefined is an absent key. */
export function sameValue(a: ConfValue | undefined, b: ConfValue | undefined, fact: KeyFact | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) {
    const value = (a ?? b)!;
    if (isConfList(value)) return value.length === 0;
    const preset = fact && defaultOf(fact);
    return preset !== undefined && comparable(value, fact) === preset;
  }
  if (isConfMap(a) || isConfMap(b)) return isConfMap(a) && isConfMap(b) && sameMap(a, b);
  if (isConfList(a) || isConfList(b)) {
    return (
      isConfList(a) && isConfList(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i], undefined))
    );
  }
  return comparable(a, fact) === comparable(b, fact);
}

/** A key of the value, the same for values that mean the same: for sets and for matching. */
export function valueKey(value: ConfValue): string {
  if (isConfMap(value)) {
    const members = [...value].map(([key, member]) => `${JSON.stringify(key)}:${valueKey(member)}`);
    return `{${members.sort().join()}}`;
  }
  if (isConfList(value)) return `[${value.map(valueKey).join()}]`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return JSON.stringify(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function sameMap(a: ReadonlyMap<string, ConfValue>, b: ReadonlyMap<string, ConfValue>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => sameValue(value, b.get(key), undefined) && b.has(key));
}

type Comparable = string | bigint | number | boolean;

const readers: readonly [type: RegExp, read: (value: string | bigint | number) => Comparable][] = [
  [/duration|number\(s\)|int\(s\)/, (value) => (typeof value === "string" ? parseGoDuration(value) : seconds(value))],
  [/^size/, (value) => parseSize(value)],
  [/^int/, (value) => (typeof value === "string" ? (/%$/.test(value) ? value : BigInt(value)) : value)],
  [/enum|^bool/, (value) => String(value).toLowerCase()],
];

function comparable(value: ConfValue, fact: KeyFact | undefined): Comparable {
  if (typeof value === "boolean") return fact?.type.includes("enum") ? String(value) : value;
  if (value instanceof Date || typeof value === "object") return valueKey(value);
  const read = fact && readers.find(([type]) => type.test(fact.type))?.[1];
  if (!read) return value;
  try {
    const result = read(value);
    return fact.type.startsWith("bool") ? (booleans.get(result as string) ?? result) : result;
  } catch {
    // Not of its key's type: the checker's business. It differs from whatever is spelled otherwise.
    return value;
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["enabled", true],
  ["false", false],
  ["disabled", false],
]);

function seconds(value: bigint | number): bigint {
  return typeof value === "bigint" ? value * 1_000_000_000n : BigInt(Math.round(value * 1e9));
}

/** The default as a comparable value, where the fact's words name one. */
function defaultOf(fact: KeyFact): Comparable | undefined {
  if (!defaults.has(fact)) defaults.set(fact, readDefault(fact));
  return defaults.get(fact);
}

const defaults = new Map<KeyFact, Comparable | undefined>();

function readDefault(fact: KeyFact): Comparable | undefined {
  const words = fact.default;
  // A default that depends on the version is a rule, not a fact.
  if (words === undefined || /\d\.\d+\+/.test(words)) return undefined;
  const first = /^(\S+?)(?: \(.*\))?$/.exec(words)?.[1];
  if (first === undefined) return undefined;
  if (first === "true" || first === "false") return fact.type.includes("enum") ? first : first === "true";
  if (/^bool/.test(fact.type)) return booleans.get(first);
  if (/^-?\d/.test(first)) return comparable(/^-?\d+$/.test(first) ? BigInt(first) : first, fact);
  if (/enum|^string|^path|host/.test(fact.type)) return comparable(first, fact);
  return undefined;
}
