import path from "node:path";
import type { Book, Extent, Holder } from "./book";
import { ConfSyntaxError } from "./confSyntaxError";
import { Lexer } from "./lexer";
import type { Token } from "./lexTypes";
import type { ParseOptions } from "./parser";
import { joinPath } from "./path";
import { readDate, readFloat, readInteger } from "./readNumber";
import { keepsUsedVariables, readsDigitAfterSuffixAsText } from "./releases";
import type { ConfMap, ConfValue } from "./value";

/** What the readers of one configuration share: its files, and the texts of environment variables. */
export interface Session {
  readonly options: ParseOptions;
  readonly book: Book;
  /** Files that include one another, up to the one being read. */
  readonly files: readonly string[];
  /** Environment variables whose texts refer to one another, up to the one being read. */
  readonly variables: readonly string[];
  /** Counts the values that stand there only because a variable repeats a list or map. */
  readonly repeats: { count: number };
}

interface Level {
  readonly holder: Holder;
  /** Keys that waited for values when it started. */
  readonly waiting: number;
  readonly start: Token | undefined;
  size: number;
  depth: number;
}

const deepest = 1000;
const deepestInclude = 100;
const mostRepeated = 1_000_000;

/** Puts together the values of one text. */
export class Reader {
  readonly #lexer: Lexer;
  readonly #file: string | undefined;
  readonly #session: Session;
  readonly #root: Map<string, ConfValue> = new Map();
  readonly #levels: Level[] = [{ holder: this.#root, waiting: 0, start: undefined, size: 1, depth: 0 }];
  /** Keys that wait for a value. One that never gets it takes the value of what is around it, as in the server. */
  readonly #keys: Token[] = [];

  constructor(text: string, file: string | undefined, session: Session) {
    const rules = { digitEndsSuffix: !readsDigitAfterSuffixAsText(session.options.serverVersion) };
    this.#lexer = new Lexer(text, file, rules);
    this.#file = file;
    this.#session = session;
    if (text.startsWith("\ufeff")) {
      this.#warn("", "a byte order mark starts the file and becomes part of its first key", "save the file without it");
    }
  }

  read(): ConfMap {
    let last: Token | undefined;
    for (let token = this.#lexer.next(); token.kind !== "end"; token = this.#lexer.next()) {
      this.#take(token);
      last = token;
    }
    // A "}" at the very end is allowed, for files in the manner of JSON.
    if (last?.kind === "key" && last.text !== "}") {
      this.#fail(last, `the key ${JSON.stringify(last.text)} has no value`, `${last.text}: "…"`);
    }
    return this.#root;
  }

  #take(token: Token): void {
    switch (token.kind) {
      case "key":
        this.#keys.push(token);
        return;
      case "mapStart":
        return this.#open(new Map<string, ConfValue>(), token);
      case "listStart":
        return this.#open([], token);
      case "mapEnd":
      case "listEnd":
        return this.#close(token);
      case "include":
        return this.#include(token);
      default: {
        const value = this.#valueOf(token);
        if (value !== undefined) this.#store(value, token);
      }
    }
  }

  /** Nothing for a number whose suffix the server does not know: it then stores nothing. */
  #valueOf(token: Token): ConfValue | undefined {
    switch (token.kind) {
      case "string":
        return token.text;
      case "bool":
        return /^(?:true|on|yes)$/i.test(token.text);
      case "integer":
        return this.#integer(token);
      case "float": {
        const fix = "a number with digits 0 to 9, or double quotes around a text";
        return readFloat(token.text) ?? this.#fail(token, "no float64 holds this number", fix);
      }
      case "date": {
        const fix = "a date such as 2026-01-31T12:00:00Z, or double quotes around a text";
        return readDate(token.text) ?? this.#fail(token, "there is no such date and time", fix);
      }
      default:
        return this.#variable(token);
    }
  }

  #integer(token: Token): bigint | undefined {
    const reading = readInteger(token.text);
    switch (reading.kind) {
      case "notDecimal":
        return this.#fail(token, "a number has other digits than 0 to 9", "double quotes around a text");
      case "beyond64Bits":
        return this.#fail(token, "a number is beyond 64 bits", "a smaller number, or double quotes around a text");
      case "unknownSuffix":
        this.#warn(
          this.#currentPath(),
          "the number ends in no size that a server knows, so it leaves the key out without a word",
          "K, M, G, T, P or E for powers of 1000; KB, MB, GB, TB, PB or EB for powers of 1024",
        );
        return undefined;
      case "value":
        if (reading.overflows) {
          const reason = `the size is beyond 64 bits, and a server takes ${reading.value} for it`;
          this.#warn(this.#currentPath(), reason, "a size below 8EB");
        }
        return reading.value;
    }
  }

  #open(holder: Holder, token: Token): void {
    this.#limitDepth(token, 1);
    this.#levels.push({ holder, waiting: this.#keys.length, start: token, size: 1, depth: 0 });
  }

  #close(token: Token): void {
    const level = this.#levels.pop()!;
    this.#session.book.noteExtent(level.holder, { size: level.size, depth: level.depth + 1 });
    if (this.#keys.length > level.waiting) {
      const reason =
        "the key has no value that counts, so a server gives it the block around it and loses the block's own key";
      this.#warn(this.#currentPath(), reason, "a value, or no such key");
    }
    this.#store(level.holder, level.start ?? token);
  }

  #store(value: ConfValue, token: Token): void {
    const level = this.#levels.at(-1)!;
    const { book } = this.#session;
    const extent = book.extentOf(value);
    grow(level, extent);
    const { cursor } = this.#lexer;
    if (Array.isArray(level.holder)) {
      level.holder.push(value);
      book.noteItem(level.holder, { cursor, offset: token.offset, used: false });
      return;
    }
    const key = this.#keys.pop();
    if (key === undefined) return this.#fail(token, "a value has no key", 'key: "value"');
    const before = book.noteOf(level.holder, key.text);
    if (before !== undefined && before.cursor === cursor && !before.used) {
      const first = cursor.position(before.offset).line;
      const reason = `the key stands here twice: what line ${first} says is lost`;
      this.#warn(joinPath(this.#levelPath(), key.text), reason, "one block with the members of both, or one of them");
    }
    level.holder.set(key.text, value);
    book.noteKey(level.holder, key.text, { cursor, offset: key.offset, used: false });
  }

  #variable(token: Token): ConfValue {
    const name = token.text;
    // The server takes this one kind of password hash for a text.
    if (name.startsWith("2a$")) return `$${name}`;
    for (let index = this.#levels.length - 1; index >= 0; index--) {
      const { holder } = this.#levels[index]!;
      if (Array.isArray(holder)) continue;
      const value = holder.get(name);
      if (value === undefined) continue;
      this.#session.book.noteOf(holder, name)!.used = true;
      this.#session.book.usesVariables = true;
      return this.#repeated(value, token);
    }
    return this.#repeated(this.#environment(token), token);
  }

  #repeated(value: ConfValue, token: Token): ConfValue {
    const { size, depth } = this.#session.book.extentOf(value);
    if (depth > 0) this.#session.repeats.count += size;
    if (this.#session.repeats.count > mostRepeated) {
      const reason = `variables that repeat blocks make more than ${mostRepeated} values of this file`;
      this.#fail(token, reason, "write less in the blocks that variables stand for");
    }
    this.#limitDepth(token, depth);
    return value;
  }

  #environment(token: Token): ConfValue {
    const { options, variables } = this.#session;
    const name = token.text;
    if (variables.includes(name)) throw new CircleOfVariables([...variables, name]);
    const text = Object.hasOwn(options.env ?? {}, name) ? options.env?.[name] : undefined;
    if (text === undefined) this.#failUnknownVariable(token);
    const value = this.#environmentValue(token, text);
    const isInList = this.#levels.some(({ holder }) => Array.isArray(holder));
    if (value instanceof Map && value.size > 0 && !isInList && !keepsUsedVariables(options.serverVersion)) {
      const reason = `${this.#shownVariable(token)} is a map from the environment, on which nats-server ${options.serverVersion} crashes`;
      this.#fail(token, reason, "nats-server 2.12.6 or later, or the map in the file");
    }
    return value;
  }

  #environmentValue(token: Token, text: string): ConfValue {
    const { variables } = this.#session;
    const shown = this.#shownVariable(token);
    try {
      const session = { ...this.#session, variables: [...variables, token.text] };
      const value = new Reader(`pk=${text}`, undefined, session).read().get("pk");
      if (value !== undefined) return value;
    } catch (error) {
      if (error instanceof CircleOfVariables && variables.length === 0) {
        const names = error.names.map((name) => `$${name}`).join(" > ");
        this.#fail(token, `environment variables refer to each other: ${names}`, "a value for one of them");
      }
      if (!(error instanceof ConfSyntaxError)) throw error;
    }
    // The text itself may be a secret.
    const reason = `the environment's text for ${shown} is no value of nats.conf, and a server reads it as one`;
    return this.#fail(token, reason, `quotes inside the variable: ${token.text}='"…"'`);
  }

  #failUnknownVariable(token: Token): never {
    if (/^2[bxy]\$/.test(token.text)) {
      this.#fail(
        token,
        "a bcrypt hash without quotes is taken for a variable, unless it is $2a$",
        "double quotes around the hash",
      );
    }
    const reason = `${this.#shownVariable(token)} has no value: no key before it in the blocks around it, nor the environment, sets it`;
    this.#fail(token, reason, "set it, or put double quotes around a text that starts with '$'");
  }

  /** The name of a variable, unless it may be a password that lacks its quotes. */
  #shownVariable(token: Token): string {
    const isSecret = /pass|token|secret|seed|key$/i.test(this.#keys.at(-1)?.text ?? "");
    const isName = isSecret ? /^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(token.text) : /^\w+$/.test(token.text);
    return isName ? `$${token.text}` : "the variable";
  }

  #include(token: Token): void {
    const { book } = this.#session;
    const level = this.#levels.at(-1)!;
    const root = this.#readIncluded(token);
    for (const [key, value] of root) {
      const extent = book.extentOf(value);
      this.#limitDepth(token, extent.depth);
      grow(level, extent);
      if (Array.isArray(level.holder)) continue;
      level.holder.set(key, value);
      book.noteKey(level.holder, key, book.noteOf(root, key)!);
    }
  }

  #readIncluded(token: Token): ConfMap {
    const { options, files } = this.#session;
    const file = includedPath(this.#file, token.text);
    const chain = this.#file === undefined ? files : [...files, path.posix.normalize(this.#file)];
    if (chain.includes(file) || chain.length > deepestInclude) {
      this.#fail(
        token,
        `files include each other: ${[...chain.slice(-5), file].join(" > ")}`,
        "remove one of the includes",
      );
    }
    return new Reader(this.#fileText(token, file), file, { ...this.#session, options, files: chain }).read();
  }

  #fileText(token: Token, file: string): string {
    const { readFile } = this.#session.options;
    if (!readFile) {
      return this.#fail(
        token,
        `the file ${JSON.stringify(token.text)} can't be included here`,
        "write its text in its place",
      );
    }
    try {
      return readFile(file);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      const fix = "the path of a file, relative to the folder of the file that includes it";
      return this.#fail(token, `the included file ${JSON.stringify(token.text)} can't be read: ${cause}`, fix);
    }
  }

  #limitDepth(token: Token, more: number): void {
    if (this.#levels.length - 1 + more <= deepest) return;
    this.#fail(
      token,
      `blocks and lists are nested deeper than ${deepest} levels`,
      "fewer levels; no setting needs more than 10",
    );
  }

  /** Path of the list or map that is being read. */
  #levelPath(): string {
    let levelPath = "";
    for (const [index, level] of this.#levels.entries()) {
      if (index === 0) continue;
      const parent = this.#levels[index - 1]!.holder;
      levelPath = joinPath(
        levelPath,
        Array.isArray(parent) ? parent.length : (this.#keys[level.waiting - 1]?.text ?? ""),
      );
    }
    return levelPath;
  }

  /** Path of the value that is being read. */
  #currentPath(): string {
    const { holder } = this.#levels.at(-1)!;
    return joinPath(this.#levelPath(), Array.isArray(holder) ? holder.length : (this.#keys.at(-1)?.text ?? ""));
  }

  #warn(where: string, reason: string, fix: string): void {
    this.#session.book.warnings.push({ path: where, reason, fix, severity: "warning" });
  }

  #fail(token: Token, reason: string, fix: string): never {
    return this.#lexer.cursor.failAt(token.offset, reason, fix);
  }
}

/** Environment variables whose texts refer to one another. */
class CircleOfVariables extends Error {
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    super("circle of variables");
    this.names = names;
  }
}

function grow(level: Level, extent: Extent): void {
  level.size += extent.size;
  level.depth = Math.max(level.depth, extent.depth);
}

/** The server joins the path to the folder of the including file even when it is absolute. */
function includedPath(including: string | undefined, written: string): string {
  const joined = path.posix.join(path.posix.dirname(including ?? ""), written);
  return joined.length > 1 ? joined.replace(/\/+$/, "") : joined;
}
