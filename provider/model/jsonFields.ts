import type { Problem } from "../errors";
import { nearest } from "./config/propertyName";
import { exactNumber, isObject, sameJson } from "./exactJson";
import type { Json, JsonObject } from "./exactJson";
import { meantFlag } from "./meantFlag";
import { expandTime } from "./times";
import { unknownProperty } from "./unknownProperty";
import { formatSize, parseDuration, parseSize, shortDuration, UnitError, withUnits } from "./units";
import { bounds } from "./wholeBounds";

/**
 * How one kind of JetStream object is written: by the user (camelCase, "24h", "10GiB", -1) and by the server (snake_case,
 * nanoseconds, bytes). One table serves checking, writing, reading and comparing.
 */
export type Fields = Readonly<Record<string, Field>>;

export interface Field {
  /** The server's name. */
  readonly json: string;
  readonly kind: FieldKind;
  /** What the server has when nothing is given; never sent, never read back. */
  readonly default?: Json;
  /** What other tools call the members of an object or of a list's objects. */
  readonly aliases?: Aliases;
  /** API level that knows the field, and the first release with it. */
  readonly level?: number;
  readonly release?: string;
  /** The server's type of a number, where it is not int64. */
  readonly type?: "int32" | "uint64";
  /** Member of an object without which it says nothing. */
  readonly needs?: string;
  /** Range of a whole number. */
  readonly range?: readonly [number, number];
}

/**
 * "limit": a count where -1 (or 0, or nothing) is unlimited; "size" the same in bytes. "whole": a number, 0 is nothing.
 * "quota": a count where -1 (or nothing) is unlimited and 0 allows none; "sizeQuota" the same in bytes.
 */
export type FieldKind =
  | "text"
  | "texts"
  | "labels"
  | "flag"
  | "whole"
  | "limit"
  | "size"
  | "quota"
  | "sizeQuota"
  | "duration"
  | "durations"
  | "time"
  | { readonly choices: readonly string[] }
  /** true and false for the user, a word for the server. */
  | { readonly words: { readonly off: string; readonly on: string } }
  | { readonly object: Fields }
  | { readonly list: Fields };

/** Names that people bring from elsewhere, by what to write instead. */
export type Aliases = Readonly<Record<string, string>>;

/** What the user wrote as the server's JSON, without what is default. Faults of type and unit are added to `problems`. */
export function expandFields(
  fields: Fields,
  inputs: Readonly<Record<string, unknown>>,
  problems: Problem[],
  path = "",
  aliases: Aliases = {},
): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(inputs)) {
    if (value === undefined || value === null) continue;
    const at = path === "" ? key : `${path}.${key}`;
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!field) {
      problems.push(
        unknownProperty(key, path, Object.keys(fields), { aliases: { ...serverNames(fields), ...aliases } }),
      );
      continue;
    }
    const expanded = expandValue(field, value, at, problems);
    if (expanded !== undefined && !sameJson(expanded, defaultOf(field))) result[field.json] = expanded;
  }
  return result;
}

/** The server's JSON as the user would write it, without what is default. */
export function flattenFields(fields: Fields, json: JsonObject): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = json[field.json];
    if (value === undefined || value === null || sameJson(value, defaultOf(field))) continue;
    result[key] = flattenValue(field.kind, value);
  }
  return result;
}

export function defaultOf(field: Field): Json | undefined {
  if (field.default !== undefined) return field.default;
  if (typeof field.kind === "object") return "words" in field.kind ? field.kind.words.off : undefined;
  return {
    text: "",
    texts: undefined,
    labels: undefined,
    flag: false,
    whole: 0,
    limit: -1,
    size: -1,
    quota: -1,
    sizeQuota: -1,
    duration: 0,
    durations: undefined,
    time: undefined,
  }[field.kind];
}

function expandValue(field: Field, value: unknown, path: string, problems: Problem[]): Json | undefined {
  const { kind } = field;
  const wrong = (wanted: string, fix?: string): undefined => {
    problems.push({
      path,
      reason: `${shown(value)}: ${wanted} is wanted`,
      ...(fix ? { fix: `${lastOf(path)}: ${fix}` } : {}),
    });
  };
  if (typeof kind === "object") {
    if ("choices" in kind) {
      if (typeof value === "string" && kind.choices.includes(value)) return value;
      const meant = meantChoice(value, kind.choices);
      return wrong(
        `one of ${kind.choices.map((choice) => `"${choice}"`).join(", ")}`,
        meant === undefined ? undefined : `"${meant}"`,
      );
    }
    if ("words" in kind) {
      if (typeof value === "boolean") return value ? kind.words.on : kind.words.off;
      return wrong("true or false", value === kind.words.on ? "true" : meantFlag(value)?.toString());
    }
    if ("object" in kind) {
      if (!isObject(value)) return wrong("an object", field.needs && exampleOf(field.needs, value));
      const found = problems.length;
      const inner = expandFields(kind.object, value, problems, path, field.aliases);
      if (Object.keys(inner).length > 0) return inner;
      // An empty text, of a setting that nobody has set, would make it mean nothing at all.
      if (field.needs !== undefined && problems.length === found) {
        problems.push({ path: `${path}.${field.needs}`, reason: `the ${field.needs} is missing` });
      }
      return undefined;
    }
    if (!Array.isArray(value)) return wrong("a list");
    if (value.length === 0) return undefined;
    return value.map((member: unknown, index) => {
      if (isObject(member)) return expandFields(kind.list, member, problems, `${path}[${index}]`, field.aliases);
      const fix = field.needs && exampleOf(field.needs, member);
      const reason = `${shown(member)}: an object is wanted`;
      problems.push({ path: `${path}[${index}]`, reason, ...(fix ? { fix } : {}) });
      return {};
    });
  }
  switch (kind) {
    case "text":
      return typeof value === "string"
        ? value
        : wrong("text", ["number", "boolean"].includes(typeof value) ? `"${shown(value)}"` : `"…"`);
    case "flag":
      return typeof value === "boolean" ? value : wrong("true or false", meantFlag(value)?.toString());
    case "texts":
      if (!Array.isArray(value) || !value.every((member) => typeof member === "string"))
        return wrong("a list of texts", typeof value === "string" && value !== "" ? `[${shown(value)}]` : `["…"]`);
      return value.length === 0 ? undefined : value;
    case "labels": {
      if (!isObject(value)) return wrong("an object of texts", `{ team: "billing" }`);
      for (const [key, member] of Object.entries(value)) {
        if (typeof member !== "string")
          problems.push({ path: `${path}.${key}`, reason: `${shown(member)}: text is wanted` });
      }
      return Object.keys(value).length === 0 ? undefined : value;
    }
    case "time":
      return expandTime(value) ?? wrong("a time as RFC 3339 writes it", `"2026-01-31T12:00:00Z"`);
    case "whole":
    case "quota":
    case "limit": {
      const number = wholeOf(value);
      if (number === undefined) {
        const isInexact = typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 64;
        // Beyond 2^53 a number of JavaScript is not what was written.
        if (isInexact) return wrong("a whole number beyond 9007199254740991 as a text", `"${BigInt(value)}"`);
        return wrong("a whole number", kind === "whole" ? "1" : "-1");
      }
      const [, largest] = bounds[field.type ?? "int64"];
      if (number > largest) return wrong(`at most ${largest}`, `"${largest}"`);
      if (kind === "quota") {
        return number < -1n ? wrong("-1 (unlimited), 0 (none) or a number above 0", "-1") : exactNumber(number);
      }
      if (kind === "limit") {
        if (number < -1n) return wrong("-1 (unlimited) or a number above 0", "-1");
        return number === 0n ? -1 : exactNumber(number);
      }
      const [from, to] = field.range ?? [0, Number.POSITIVE_INFINITY];
      if (number < BigInt(from) || (Number.isFinite(to) && number > BigInt(to))) {
        const nearer = number < BigInt(from) ? from : to;
        return wrong(
          Number.isFinite(to) ? `a number from ${from} to ${to}` : `a number from ${from} up`,
          String(nearer),
        );
      }
      return exactNumber(number);
    }
    case "size":
    case "sizeQuota":
      return withUnit(path, problems, () => {
        if (typeof value !== "string" && typeof value !== "number")
          throw new UnitError(`${shown(value)} is not a size`, `"10GiB"`);
        if (typeof value === "number" && value > 0)
          throw new UnitError(`${value} has no unit`, `"${formatSize(parseSize(value))}"`);
        const bytes = parseSize(value);
        if (bytes < -1n) throw new UnitError(`${shown(value)}: -1 (unlimited) or more is wanted`, "-1");
        const [, largest] = bounds[field.type ?? "int64"];
        if (bytes > largest)
          throw new UnitError(
            `${shown(value)}: less than ${formatSize(largest + 1n)} is wanted, at most ${largest} bytes`,
            `"${largest}"`,
          );
        return bytes === 0n && kind === "size" ? -1 : exactNumber(bytes);
      });
    case "duration":
      return withUnit(path, problems, () => spanOf(value, `"0s"`));
    case "durations":
      if (!Array.isArray(value)) return wrong("a list of durations", `["1s", "10s"]`);
      if (value.length === 0) return undefined;
      return value.map((member: unknown, index) => withUnit(`${path}[${index}]`, problems, () => spanOf(member)) ?? 0);
  }
}

/** The nearest word; of two, the first of which is none, the one that yes or no means. */
function meantChoice(value: unknown, choices: readonly string[]): string | undefined {
  const word = typeof value === "string" ? nearest(value, choices) : undefined;
  if (word !== undefined || choices.length !== 2 || choices[0] !== "none") return word;
  const flag = meantFlag(value);
  return flag === undefined ? undefined : choices[flag ? 1 : 0];
}

function flattenValue(kind: FieldKind, value: Json): unknown {
  if (typeof kind === "object") {
    if ("object" in kind) return flattenFields(kind.object, value as JsonObject);
    if ("list" in kind) return (value as readonly JsonObject[]).map((member) => flattenFields(kind.list, member));
    if ("words" in kind) return value === kind.words.on;
    return value;
  }
  if (kind === "duration") return shortDuration(BigInt(value as number | bigint));
  if (kind === "durations") return (value as readonly number[]).map((each) => shortDuration(BigInt(each)));
  if (kind === "size" || kind === "sizeQuota") {
    const size = formatSize(BigInt(value as number | bigint));
    return size === "-1" || size === "0" ? Number(size) : size;
  }
  return typeof value === "bigint" ? value.toString() : value;
}

/** `{ name: "ORDERS" }`. */
function exampleOf(member: string, value: unknown): string {
  return `{ ${member}: ${typeof value === "string" && value !== "" ? shown(value) : `"ORDERS"`} }`;
}

/** `none` is what stands for no limit. */
function spanOf(value: unknown, none?: string): number | bigint {
  if (value === 0) return 0;
  // "-1" is unlimited nearly everywhere else.
  if (/^-\d/.test(String(value))) {
    const meant = none === undefined ? "" : `; what is unlimited, or left to the server, is ${none}`;
    throw new UnitError(`${shown(value)} is negative${meant}`, none);
  }
  if (typeof value !== "string") {
    if (typeof value !== "number") throw new UnitError(`${shown(value)} is not a duration`, `"24h"`);
    throw new UnitError(`${value} has no unit`, withUnits(String(value)));
  }
  return exactNumber(parseDuration(value));
}

function withUnit(path: string, problems: Problem[], read: () => Json): Json | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    problems.push({ path, reason: error.message, ...(error.fix ? { fix: `${lastOf(path)}: ${error.fix}` } : {}) });
    return undefined;
  }
}

function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

/** The server's own names of the properties. */
function serverNames(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, { json }]) => [json, name]));
}

function shown(value: unknown): string {
  const text = typeof value === "bigint" ? value.toString() : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
