import path from "node:path";
import { NatsError } from "../errors";
import { ConfSyntaxError } from "./confSyntaxError";
import { Cursor, end, isBlank, isKeySeparator, isNewline, isSpace, shown } from "./cursor";
import type { ConfEntry, ParsedMap, ParsedValue } from "./parsed";
import { ParsedConf } from "./parsed";
import { EndOfText, readScalar } from "./scalar";
import type { ScalarRules } from "./scalar";

export interface ParseOptions {
  /** Name of the file, for messages and as the place that includes are relative to. */
  readonly file?: string;
  /** Gives an included file's text; without it an include is an error. */
  readonly readFile?: (path: string) => string;
  /** Environment for variables that no key defines. Default none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Server whose reading counts where versions differ. Default the newest. */
  readonly serverVersion?: string;
}

/** Reads a configuration as the server does, traps included; throws {@link ConfSyntaxError}. */
export function parseConf(text: string, options: ParseOptions = {}): ParsedConf {
  const reader = new Reader(text, options, { files: [], variables: new Set() });
  return new ParsedConf(reader.read(), reader.dropped, options.serverVersion);
}

/** What nested readers share, to find circles. */
interface Ancestry {
  readonly files: readonly string[];
  readonly variables: Set<string>;
}

/** Where a state of the reading goes on after a value or a comment. */
type State = "top" | "topEnd" | "block" | "blockValueEnd" | "blockEnd" | "map" | "mapEnd" | "array" | "arrayEnd";

const deepest = 1000;

class Reader {
  readonly #cursor: Cursor;
  readonly #options: ParseOptions;
  readonly #rules: ScalarRules;
  readonly #ancestry: Ancestry;
  readonly #root: ParsedMap = new Map();
  readonly #containers: (ParsedMap | ParsedValue[])[] = [this.#root];
  /** States to return to when a map, a list or a brace ends. */
  readonly #returns: State[] = [];
  /** Keys without a value yet; a key that never gets one stays and is forgotten, as in the server. */
  readonly #keys: { readonly key: string; readonly position: number }[] = [];
  #keyIsDue = false;
  /** Keys that the server drops without a word, with the value it could not read. */
  readonly dropped: { readonly key: string; readonly text: string; readonly line: number; readonly column: number }[] =
    [];

  constructor(text: string, options: ParseOptions, ancestry: Ancestry) {
    this.#cursor = new Cursor(text, options.file);
    this.#options = options;
    this.#rules = { digitEndsSuffix: isBefore214(options.serverVersion) };
    this.#ancestry = ancestry;
  }

  read(): ParsedMap {
    let state: State | undefined = "top";
    try {
      while (state !== undefined) state = this.#step(state);
    } catch (error) {
      if (!(error instanceof EndOfText)) throw error;
      if (this.#keyIsDue) this.#cursor.fail(error.message);
    }
    return this.#root;
  }

  #step(state: State): State | undefined {
    switch (state) {
      case "top":
      case "block":
        return this.#entry(state);
      case "topEnd":
      case "blockValueEnd":
      case "blockEnd":
        return this.#entryEnd(state);
      case "map":
        return this.#mapEntry();
      case "mapEnd":
        return this.#mapEntryEnd();
      case "array":
        return this.#item();
      case "arrayEnd":
        return this.#itemEnd();
    }
  }

  /** A key at the top of the file or of a `{ }` that wraps it. */
  #entry(state: "top" | "block"): State | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    if (cursor.takeCommentStart()) return this.#comment(state);
    const character = cursor.peek();
    if (character === "{") {
      cursor.position++;
      this.#returns.push(state === "top" ? "top" : "blockEnd");
      this.#limitDepth();
      return "block";
    }
    if (character === "}" && state === "block") {
      cursor.position++;
      return this.#returns.pop();
    }
    if (cursor.atEnd) return undefined;
    if (character === "/" || character === end)
      cursor.fail(`${shown(character)} can't start a key. Fix: # or // for a comment`);
    return this.#keyAndValue(state === "top" ? "topEnd" : "blockValueEnd", false);
  }

  #entryEnd(state: "topEnd" | "blockValueEnd" | "blockEnd"): State | undefined {
    const cursor = this.#cursor;
    for (;;) {
      if (cursor.takeCommentStart())
        return this.#comment(state === "topEnd" ? "top" : state === "blockEnd" ? "block" : state);
      const character = cursor.next();
      // A single slash means nothing to the server.
      if (character === "/" || isBlank(character)) continue;
      if (state === "topEnd") {
        if (isNewline(character) || [end, ";", ",", "}"].includes(character)) return "top";
      } else if (state === "blockValueEnd") {
        if (isNewline(character) || character === ";" || character === ",") return "block";
        if (character === "}") return this.#returns.pop();
      } else {
        if (isNewline(character)) continue;
        if (character === ";" || character === ",") return "block";
        if (character === "}") return this.#returns.pop();
      }
      this.#notEnded(character);
    }
  }

  #notEnded(character: string): never {
    const fix = "Fix: a new line or a comma before it, or quotes around the whole value";
    return this.#cursor.fail(
      `${shown(character)} stands behind a complete value. ${fix}`,
      Math.max(0, this.#cursor.position - 1),
    );
  }

  #mapEntry(): State | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    if (cursor.takeCommentStart()) return this.#comment("map");
    const character = cursor.peek();
    if (character === "}") return this.#closeMap();
    if (character === end) cursor.fail("a map is never closed. Fix: add }");
    if (character === "]") cursor.fail('"]" stands where a key is due. Fix: } closes a map');
    // The server skips a single slash and takes whatever follows for a key.
    if (character === "/") cursor.position++;
    return this.#keyAndValue("mapEnd", character === "/");
  }

  #mapEntryEnd(): State | undefined {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    if (cursor.takeCommentStart()) return this.#comment("mapEnd");
    const character = cursor.peek();
    if (character === "}") return this.#closeMap();
    if (character === "/" || character === ";" || character === "," || isNewline(character)) {
      cursor.position++;
      return "map";
    }
    cursor.next();
    if (character === end) cursor.fail("a map is never closed. Fix: add }");
    this.#notEnded(character);
  }

  #item(): State | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    if (cursor.takeCommentStart()) return this.#comment("array");
    const character = cursor.peek();
    if (character === "," || character === "/")
      cursor.fail(`${shown(character)} stands where a value is due. Fix: a value before it`);
    if (character === "]") return this.#closeList();
    return this.#value("arrayEnd");
  }

  #itemEnd(): State | undefined {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    if (cursor.takeCommentStart()) return this.#comment("arrayEnd");
    const character = cursor.peek();
    if (character === "]") return this.#closeList();
    if (character === "/" || character === "," || isNewline(character)) {
      cursor.position++;
      return "array";
    }
    cursor.next();
    if (character === end) cursor.fail("a list is never closed. Fix: add ] on a line of its own");
    this.#notEnded(character);
  }

  #comment(state: State): State {
    this.#cursor.skipComment();
    return state;
  }

  /** Reads a key, then its value; `include` instead takes another file's keys. */
  #keyAndValue(after: "topEnd" | "blockValueEnd" | "mapEnd", plain: boolean): State | undefined {
    const cursor = this.#cursor;
    const inMap = after === "mapEnd";
    const position = cursor.position;
    const quote = cursor.peek();
    if (!plain && isKeySeparator(quote)) cursor.fail(`${shown(quote)} stands where a key is due. Fix: a key before it`);
    if (!plain && (quote === '"' || quote === "'")) {
      cursor.position++;
      this.#pushKey(this.#quotedKey(quote), position);
    } else {
      cursor.next();
      while (!isSpace(cursor.peek()) && !isKeySeparator(cursor.peek()) && cursor.peek() !== end) cursor.position++;
      const key = cursor.text.slice(position, cursor.position);
      if (cursor.peek() === end && inMap) cursor.fail("a map is never closed. Fix: add }");
      if (key.toLowerCase() === "include" && isSpace(cursor.peek())) {
        this.#include();
        return after;
      }
      this.#pushKey(key, position);
    }
    return this.#afterKey(after, inMap);
  }

  #quotedKey(quote: string): string {
    const cursor = this.#cursor;
    const start = cursor.position;
    while (cursor.peek() !== quote) {
      if (cursor.peek() === end) {
        if (cursor.atEnd && cursor.position === start && this.#containers.length === 1)
          throw new EndOfText("a key is missing");
        cursor.fail(`the quote that opens this key is never closed. Fix: add ${quote}`, start - 1);
      }
      cursor.position++;
    }
    return cursor.text.slice(start, cursor.position++);
  }

  #pushKey(key: string, position: number): void {
    this.#keys.push({ key, position });
    this.#keyIsDue = key !== "}";
  }

  #afterKey(after: State, inMap: boolean): State | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    if (cursor.atEnd && !inMap) {
      if (this.#keyIsDue) cursor.fail(`the key "${this.#keys.at(-1)!.key}" has no value. Fix: a value behind it`);
      return undefined;
    }
    if (isKeySeparator(cursor.peek())) cursor.position++;
    if (!inMap) return this.#value(after);
    cursor.skipSpace();
    if (cursor.peek() === ",") cursor.fail(`"," stands where a value is due. Fix: a value before it`);
    // A key without a value ends the map and takes the map's own key away from it, as in the server.
    return cursor.peek() === "}" ? this.#closeMap() : this.#value(after);
  }

  #value(after: State): State | undefined {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    const character = cursor.peek();
    if (character === "[" || character === "{") {
      cursor.position++;
      this.#containers.push(character === "[" ? [] : new Map<string, ConfEntry>());
      this.#returns.push(after);
      this.#limitDepth();
      this.#keyIsDue = false;
      return character === "[" ? "array" : "map";
    }
    const scalar = readScalar(cursor, this.#rules);
    this.#keyIsDue = false;
    if (scalar.kind === "value") this.#store(scalar.value);
    else if (scalar.kind === "variable") this.#store(this.#lookUp(scalar.name));
    else if (Array.isArray(this.#containers.at(-1))) return after;
    else
      this.dropped.push({
        key: this.#keys.at(-1)!.key,
        text: scalar.text,
        ...cursor.placeAt(this.#keys.at(-1)!.position),
      });
    return after;
  }

  #limitDepth(): void {
    if (this.#returns.length > deepest) this.#cursor.fail(`nested deeper than ${deepest} levels`);
  }

  #closeMap(): State | undefined {
    this.#cursor.position++;
    return this.#close();
  }

  #closeList(): State | undefined {
    this.#cursor.position++;
    return this.#close();
  }

  #close(): State | undefined {
    this.#keyIsDue = false;
    this.#store(this.#containers.pop() as ParsedValue);
    return this.#returns.pop();
  }

  #store(value: ParsedValue): void {
    const holder = this.#containers.at(-1)!;
    if (Array.isArray(holder)) {
      holder.push(value);
      return;
    }
    const { key, position } = this.#keys.pop()!;
    holder.set(key, { value, used: false, file: this.#options.file, text: this.#cursor.text, position });
  }

  #lookUp(name: string): ParsedValue {
    if (name.startsWith("2a$")) return `$${name}`;
    for (const holder of this.#containers.toReversed()) {
      const entry = Array.isArray(holder) ? undefined : holder.get(name);
      if (entry) {
        entry.used = true;
        return entry.value;
      }
    }
    return this.#fromEnvironment(name);
  }

  #fromEnvironment(name: string): ParsedValue {
    const { variables } = this.#ancestry;
    const text = Object.hasOwn(this.#options.env ?? {}, name) ? this.#options.env![name] : undefined;
    if (variables.has(name)) this.#cursor.fail(`the variable $${name} refers to itself`);
    if (text === undefined) {
      const fix = `Fix: define ${name} above this line, or quote "$${name}" for the text itself`;
      this.#cursor.fail(`nothing defines the variable $${name}, neither a key above nor the environment. ${fix}`);
    }
    variables.add(name);
    try {
      const options = { ...this.#options, file: `$${name}` };
      const entry = new Reader(`pk=${text}`, options, this.#ancestry).read().get("pk");
      if (!entry) this.#cursor.fail(`the environment's ${name} holds no value`);
      return entry.value;
    } catch (error) {
      if (!(error instanceof ConfSyntaxError)) throw error;
      this.#cursor.fail(
        `the environment's ${name} does not read as a value (not shown). Fix: quotes within the value, '"…"'`,
      );
    } finally {
      variables.delete(name);
    }
  }

  #include(): void {
    const cursor = this.#cursor;
    const at = cursor.position;
    const name = this.#includeName();
    const file = path.join(path.dirname(this.#options.file ?? "."), name);
    if (this.#ancestry.files.includes(file) || this.#ancestry.files.length > 50)
      cursor.fail(`${name} includes itself`, at);
    const included = this.#readIncluded(file, name, at);
    for (const [key, entry] of included) {
      const holder = this.#containers.at(-1) as ParsedMap;
      holder.set(key, entry);
    }
  }

  #readIncluded(file: string, name: string, at: number): ParsedMap {
    const { readFile } = this.#options;
    let text: string;
    try {
      if (!readFile) throw new NatsError("no files can be read here");
      text = readFile(file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#cursor.fail(`the included file "${name}" can't be read (${reason}); it is looked for at ${file}`, at);
    }
    const reader = new Reader(
      text,
      { ...this.#options, file },
      { files: [...this.#ancestry.files, file], variables: new Set() },
    );
    const map = reader.read();
    this.dropped.push(...reader.dropped);
    return map;
  }

  #includeName(): string {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    const first = cursor.peek();
    if (first === '"' || first === "'") {
      cursor.position++;
      const start = cursor.position;
      while (cursor.peek() !== first) {
        if (cursor.peek() === end) cursor.fail("the quote around this include is never closed", start - 1);
        cursor.position++;
      }
      return cursor.text.slice(start, cursor.position++);
    }
    if (isNewline(first) || /[[{(\\\p{Nd}-]/u.test(first)) {
      cursor.fail(`${shown(first)} can't start the path of an include. Fix: include "path"`);
    }
    const start = cursor.position;
    while (!isNewline(cursor.peek()) && !isBlank(cursor.peek()) && ![end, ";", "}", "'"].includes(cursor.peek()))
      cursor.position++;
    const name = cursor.text.slice(start, cursor.position);
    if (cursor.peek() === "'") cursor.position++;
    return name;
  }
}

function isBefore214(version: string | undefined): boolean {
  const [major, minor] = (version ?? "").split(".").map(Number);
  return major === 2 && minor !== undefined && minor < 14;
}
