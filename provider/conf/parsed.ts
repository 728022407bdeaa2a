import type { Problem } from "../errors";
import type { Book } from "./book";
import type { Position } from "./confSyntaxError";
import { joinPath, splitPath } from "./path";
import { keepsUsedVariables } from "./releases";
import { isConfList, isConfMap } from "./value";
import type { ConfMap, ConfValue } from "./value";

export type { Position } from "./confSyntaxError";

/** A configuration as the server sees it, with where each key stands. */
export class ParsedConf {
  /** All keys, definitions of variables too; variables and includes are resolved. */
  readonly root: ConfMap;
  /** Traps that the server passes over in silence. */
  readonly warnings: readonly Problem[];
  /** Server whose reading this is; nothing for the newest. */
  readonly serverVersion: string | undefined;
  readonly #book: Book;
  #variables: ReadonlySet<string> | undefined;

  constructor(root: ConfMap, book: Book, serverVersion?: string) {
    this.root = root;
    this.warnings = book.warnings;
    this.serverVersion = serverVersion;
    this.#book = book;
  }

  /** Paths of keys that served as variables. */
  get variables(): ReadonlySet<string> {
    this.#variables ??= this.#book.usesVariables ? this.#usedPaths() : new Set();
    return this.#variables;
  }

  /** True when a key of one of the maps served as a variable. */
  isVariable(map: ConfMap, key: string): boolean {
    return this.#book.noteOf(map, key)?.used === true;
  }

  /** Where the key or item of a path starts. */
  positionOf(path: string): Position | undefined {
    const parts = splitPath(path) ?? [];
    let holder: ConfValue | undefined = this.root;
    for (const [index, part] of parts.entries()) {
      if (!isConfMap(holder) && !isConfList(holder)) return undefined;
      if (index === parts.length - 1) {
        const note = this.#book.noteOf(holder, part);
        return note?.cursor.position(note.offset);
      }
      holder = isConfMap(holder) ? holder.get(String(part)) : holder[Number(part)];
    }
    return undefined;
  }

  #usedPaths(): Set<string> {
    const paths = new Set<string>();
    const visit = (value: ConfValue, path: string): void => {
      if (isConfList(value)) value.forEach((item, index) => visit(item, joinPath(path, index)));
      if (!isConfMap(value)) return;
      for (const [key, member] of value) {
        const memberPath = joinPath(path, key);
        if (this.isVariable(value, key)) paths.add(memberPath);
        visit(member, memberPath);
      }
    };
    visit(this.root, "");
    return paths;
  }
}

/**
 * The settings alone: a key that only defines a variable is left out, unless it also is a key that means something.
 * (Servers before 2.12.6 left that one out, too.)
 */
export function settingsOf(parsed: ParsedConf, isKnownKey: (path: string) => boolean = () => false): ConfMap {
  const isSetting = (map: ConfMap, key: string, path: string): boolean =>
    !parsed.isVariable(map, key) || (keepsUsedVariables(parsed.serverVersion) && isKnownKey(path));
  const visitMap = (map: ConfMap, path: string): ConfMap => {
    const members = [...map].map(([key, value]) => ({ key, value, path: joinPath(path, key) }));
    const settings = members.filter((member) => isSetting(map, member.key, member.path));
    return new Map(settings.map((member) => [member.key, visit(member.value, member.path)]));
  };
  const visit = (value: ConfValue, path: string): ConfValue => {
    if (isConfList(value)) return value.map((item, index) => visit(item, joinPath(path, index)));
    return isConfMap(value) ? visitMap(value, path) : value;
  };
  return visitMap(parsed.root, "");
}
