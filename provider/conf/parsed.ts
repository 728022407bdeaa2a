import type { Problem } from "../errors";
import { joinPath } from "./path";
import type { ConfMap, ConfValue } from "./value";

/** A key of a map with what is known of it beside its value. */
export interface ConfEntry {
  readonly value: ParsedValue;
  /** It served as a variable. */
  used: boolean;
  readonly file: string | undefined;
  readonly text: string;
  readonly position: number;
}
export type ParsedMap = Map<string, ConfEntry>;
export type ParsedValue = string | bigint | number | boolean | Date | ParsedValue[] | ParsedMap;

export interface Position {
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** A configuration as the server sees it, with where each key stands. */
export class ParsedConf {
  /** All keys, definitions of variables too. */
  readonly root: ConfMap;
  /** Paths of keys that served as variables. */
  readonly variables: ReadonlySet<string>;
  /** What the server passes over in silence. */
  readonly warnings: readonly Problem[];
  readonly serverVersion: string | undefined;
  readonly #entries = new Map<string, ConfEntry>();

  constructor(root: ParsedMap, dropped: readonly { key: string; text: string }[], serverVersion?: string) {
    const variables = new Set<string>();
    this.root = this.#plainMap(root, "", variables);
    this.variables = variables;
    this.serverVersion = serverVersion;
    this.warnings = dropped.map(({ key, text }) => ({
      path: key,
      reason: `${text} is no size that the server knows, so it leaves the key out without a word`,
      fix: "a number, or one with KB, MB, GB or TB",
    }));
  }

  /** Where the key of a path stands. */
  positionOf(path: string): Position | undefined {
    const entry = this.#entries.get(path);
    if (!entry) return undefined;
    const before = entry.text.slice(0, entry.position);
    return { file: entry.file, line: before.split("\n").length, column: entry.position - before.lastIndexOf("\n") };
  }

  #plainMap(map: ParsedMap, path: string, variables: Set<string>): ConfMap {
    return new Map(
      [...map].map(([key, entry]) => {
        const member = joinPath(path, key);
        this.#entries.set(member, entry);
        if (entry.used) variables.add(member);
        return [key, this.#plain(entry.value, member, variables)];
      }),
    );
  }

  #plain(value: ParsedValue, path: string, variables: Set<string>): ConfValue {
    if (value instanceof Map) return this.#plainMap(value, path, variables);
    if (Array.isArray(value))
      return value.map((member, index) => this.#plain(member, joinPath(path, index), variables));
    return value;
  }
}

/** The settings alone: a key that only defines a variable is left out, unless it is also a key that means something. */
export function settingsOf(parsed: ParsedConf, isKnownKey: (path: string) => boolean = () => false): ConfMap {
  const visit = (map: ConfMap, path: string): ConfMap =>
    new Map(
      [...map]
        .filter(([key]) => {
          const member = joinPath(path, key);
          return !parsed.variables.has(member) || isKnownKey(member);
        })
        .map(([key, value]) => [key, value instanceof Map ? visit(value as ConfMap, joinPath(path, key)) : value]),
    );
  return visit(parsed.root, "");
}
