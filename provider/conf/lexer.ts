import { fromByteString, isAscii, toByteString } from "./bytes";
import { Cursor, endOfText, shown } from "./cursor";
import { lexInclude } from "./lexInclude";
import { lexScalar } from "./lexScalar";
import type { LexRules, Machine, State, Token, TokenKind } from "./lexTypes";
import { isBlank, isNewline, isSpace } from "./runes";

const hash = 0x23;
const slash = 0x2f;
const comma = 0x2c;
const semicolon = 0x3b;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const quoteSingle = 0x27;
const quoteDouble = 0x22;

/**
 * Cuts a configuration into keys, values and brackets as the server's reader does. It is a machine of states with a
 * stack of what comes after a value, as the server's is: the odd things that one accepts follow from its states.
 */
export class Lexer implements Machine {
  readonly cursor: Cursor;
  readonly rules: LexRules;
  readonly #after: State[] = [];
  #state: State | undefined = lexTop;
  #token: Token | undefined;
  lastKey = "";
  readonly #isAscii: boolean;

  constructor(text: string, file: string | undefined, rules: LexRules) {
    this.cursor = new Cursor(toByteString(text), file);
    this.rules = rules;
    this.#isAscii = isAscii(text);
  }

  /** The next token; after an end, always an end. */
  next(): Token {
    this.#token = undefined;
    while (this.#token === undefined) {
      if (this.#state === undefined) return { kind: "end", text: "", offset: this.cursor.pos };
      this.#state = this.#state(this);
    }
    return this.#token;
  }

  /** Hands out what was read since the start, or the given bytes. */
  emit(kind: TokenKind, bytes?: string): void {
    const { cursor } = this;
    const text = bytes === undefined && this.#isAscii ? cursor.taken : fromByteString(bytes ?? cursor.taken);
    this.#token = { kind, text, offset: cursor.start };
    if (kind === "key") this.lastKey = text;
    this.cursor.ignore();
  }

  push(state: State): void {
    this.#after.push(state);
  }

  pop(): State {
    const state = this.#after.pop();
    if (state === undefined) this.cursor.fail("'}' closes nothing", "remove it, or add the '{' that it should close");
    return state;
  }
}

type Slash = "comment" | "slash" | "other";

/** What starts with the character read last; a comment is read to its end. */
function comment({ cursor }: Machine, rune: number): Slash {
  if (rune === slash) {
    if (cursor.next() !== slash) {
      cursor.backup();
      return "slash";
    }
  } else if (rune !== hash) return "other";
  for (let at = cursor.peek(); !isNewline(at) && at !== endOfText; at = cursor.peek()) cursor.next();
  cursor.ignore();
  return "comment";
}

function end(lx: Machine): undefined {
  lx.emit("end", "");
  return undefined;
}

function endOrFail(lx: Machine, what: string, fix: string): undefined {
  if (lx.cursor.pos > lx.cursor.start) lx.cursor.failAt(lx.cursor.start, what, fix);
  return end(lx);
}

function skip(lx: Machine, state: State): State {
  lx.cursor.ignore();
  return state;
}

function nextAfterSpace(cursor: Cursor): number {
  for (;;) {
    cursor.ignore();
    const rune = cursor.next();
    if (!isSpace(rune)) return rune;
  }
}

function nextAfterBlanks(cursor: Cursor): number {
  for (;;) {
    cursor.ignore();
    const rune = cursor.next();
    if (!isBlank(rune)) return rune;
  }
}

const strayCharacter = "a key can't start with '/' or a NUL byte";
const strayFix = "write # or // before a comment, and quotes around a key that starts with '/'";

function lexTop(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = nextAfterSpace(cursor);
  if (rune === braceOpen) {
    lx.push(lexTop);
    return skip(lx, lexBlockStart);
  }
  const kind = comment(lx, rune);
  if (kind === "comment") return lexTop;
  if (kind === "slash" || rune === endOfText) return endOrFail(lx, strayCharacter, strayFix);
  cursor.backup();
  lx.push(lexTopValueEnd);
  return lexKeyStart;
}

function lexTopValueEnd(lx: Machine): State {
  const rune = lx.cursor.next();
  const kind = comment(lx, rune);
  if (kind === "comment") return lexTop;
  // The server passes over a single slash here.
  if (kind === "slash" || isBlank(rune)) return lexTopValueEnd;
  if (isNewline(rune) || rune === endOfText || rune === semicolon || rune === comma || rune === braceClose) {
    return skip(lx, lexTop);
  }
  return failAfterValue(lx, rune);
}

function failAfterValue(lx: Machine, rune: number): never {
  const [, word, bracket] = /^(.+)([[{])$/.exec(lx.lastKey) ?? [];
  if (word !== undefined) {
    lx.cursor.fail(
      `${shown(rune)} follows a value that is complete, since "${lx.lastKey}" is one word, a key`,
      `a space before the bracket: ${word} ${bracket}`,
    );
  }
  return lx.cursor.fail(
    `${shown(rune)} follows a value that is complete`,
    'start a new line or write "," before the next entry, or put the whole value in double quotes',
  );
}

/** Inside a `{` that wraps the whole file. */
function lexBlockStart(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = nextAfterSpace(cursor);
  if (rune === braceOpen) {
    lx.push(lexBlockEnd);
    return skip(lx, lexBlockStart);
  }
  if (rune === braceClose) return skip(lx, lx.pop());
  const kind = comment(lx, rune);
  if (kind === "comment") return lexBlockStart;
  if (kind === "slash" || rune === endOfText) return endOrFail(lx, strayCharacter, strayFix);
  cursor.backup();
  lx.push(lexBlockValueEnd);
  return lexKeyStart;
}

function lexBlockValueEnd(lx: Machine): State {
  const { cursor } = lx;
  const rune = cursor.next();
  const kind = comment(lx, rune);
  if (kind !== "other" || isBlank(rune)) return lexBlockValueEnd;
  if (isNewline(rune) || rune === semicolon || rune === comma) return skip(lx, lexBlockStart);
  if (rune !== braceClose) return failAfterValue(lx, rune);
  cursor.backup();
  return lexBlockEnd;
}

function lexBlockEnd(lx: Machine): State {
  const rune = lx.cursor.next();
  const kind = comment(lx, rune);
  if (kind === "comment") return lexBlockStart;
  if (kind === "slash" || isNewline(rune) || isBlank(rune)) return lexBlockEnd;
  if (rune === semicolon || rune === comma) return skip(lx, lexBlockStart);
  if (rune === braceClose) return skip(lx, lx.pop());
  return lx.cursor.fail(`${shown(rune)} stands where '}' is expected`, "close the '{' around the file with '}'");
}

function isSeparator(rune: number): boolean {
  return rune === 0x3a || rune === 0x3d;
}

const missingKey = "a separator stands where a key is expected";
const missingKeyFix = 'write a key before it; only one ":" or "=" may stand between a key and its value';

function lexKeyStart(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = cursor.peek();
  if (isSeparator(rune)) cursor.failAt(cursor.pos, missingKey, missingKeyFix);
  if (rune === quoteDouble || rune === quoteSingle) return lexQuotedKey(lx, rune, lexKeyEnd, false);
  cursor.ignore();
  cursor.next();
  return lexKey;
}

function lexQuotedKey(lx: Machine, quote: number, after: State, inMap: boolean): State | undefined {
  const { cursor } = lx;
  cursor.next();
  cursor.ignore();
  let rune = cursor.peek();
  for (; rune !== quote && rune !== endOfText; rune = cursor.peek()) cursor.next();
  if (rune === endOfText) {
    const fix = `add ${shown(quote)} behind the key`;
    if (inMap) cursor.failAt(cursor.start - 1, "a quoted key is never closed", fix);
    return endOrFail(lx, "a quoted key is never closed", fix);
  }
  lx.emit("key");
  cursor.next();
  return skip(lx, after);
}

function isInclude(bytes: string): boolean {
  return bytes.length === 7 && bytes.toLowerCase() === "include";
}

function lexKey(lx: Machine): State | undefined {
  const { cursor } = lx;
  let rune = cursor.peek();
  for (; !isSpace(rune) && !isSeparator(rune) && rune !== endOfText; rune = cursor.peek()) cursor.next();
  if (isSpace(rune) && isInclude(cursor.taken)) return skip(lx, lexInclude);
  lx.emit("key");
  return lexKeyEnd;
}

function lexKeyEnd(lx: Machine): State | undefined {
  const rune = nextAfterSpace(lx.cursor);
  if (isSeparator(rune)) return skip(lx, lexValue);
  if (rune === endOfText) return end(lx);
  lx.cursor.backup();
  return lexValue;
}

function lexValue(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = nextAfterBlanks(cursor);
  if (rune === bracketOpen || rune === braceOpen) {
    cursor.start = cursor.pos - 1;
    lx.emit(rune === bracketOpen ? "listStart" : "mapStart");
    return rune === bracketOpen ? lexItem : lexMapKeyStart;
  }
  cursor.backup();
  return lexScalar;
}

function lexItem(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = nextAfterSpace(cursor);
  const kind = comment(lx, rune);
  if (kind === "comment") return lexItem;
  if (kind === "slash" || rune === comma) {
    return cursor.fail("a value is missing in a list", 'write one value before each ","; an empty text is ""');
  }
  if (rune === bracketClose) return lexListEnd(lx);
  cursor.backup();
  lx.push(lexItemEnd);
  return lexValue;
}

function lexItemEnd(lx: Machine): State {
  const { cursor } = lx;
  const rune = nextAfterBlanks(cursor);
  const kind = comment(lx, rune);
  if (kind === "comment") return lexItemEnd;
  if (kind === "slash" || rune === comma || isNewline(rune)) return skip(lx, lexItem);
  if (rune === bracketClose) return lexListEnd(lx);
  if (rune === endOfText) {
    cursor.fail(
      "a list is never closed",
      "add ']', after a space or on a line of its own when a number stands before it",
    );
  }
  return cursor.fail(
    `${shown(rune)} follows a complete value in a list`,
    'write "," or a new line between values, "]" at the end, or put the whole value in double quotes',
  );
}

function lexListEnd(lx: Machine): State {
  lx.cursor.ignore();
  lx.emit("listEnd");
  return lx.pop();
}

const openMap = "a map is never closed";
const openMapFix = "add '}'";

function lexMapKeyStart(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = nextAfterSpace(cursor);
  cursor.backup();
  if (isSeparator(rune)) cursor.failAt(cursor.pos, missingKey, missingKeyFix);
  if (rune === bracketClose) cursor.failAt(cursor.pos, "']' stands inside a map", "close the map with '}' before it");
  if (rune === endOfText) cursor.failAt(cursor.pos, openMap, openMapFix);
  if (rune === quoteDouble || rune === quoteSingle) return lexQuotedKey(lx, rune, lexMapKeyEnd, true);
  cursor.next();
  if (rune === braceClose) return lexMapEnd(lx);
  const kind = comment(lx, rune);
  if (kind === "comment") return lexMapKeyStart;
  if (kind === "slash") {
    // The server drops the slash, and takes whatever follows for a key's first character.
    cursor.ignore();
    cursor.next();
  } else {
    cursor.backup();
    cursor.ignore();
    cursor.next();
  }
  return lexMapKey;
}

function lexMapKey(lx: Machine): State {
  const { cursor } = lx;
  let rune = cursor.peek();
  for (; !isSpace(rune) && !isSeparator(rune) && rune !== endOfText; rune = cursor.peek()) cursor.next();
  if (rune === endOfText) cursor.failAt(cursor.pos, openMap, openMapFix);
  if (isSpace(rune) && isInclude(cursor.taken)) {
    lx.push(lexMapValueEnd);
    return skip(lx, lexInclude);
  }
  lx.emit("key");
  return lexMapKeyEnd;
}

function lexMapKeyEnd(lx: Machine): State {
  const rune = nextAfterSpace(lx.cursor);
  if (isSeparator(rune)) return skip(lx, lexMapValue);
  lx.cursor.backup();
  return lexMapValue;
}

function lexMapValue(lx: Machine): State {
  const { cursor } = lx;
  const rune = nextAfterSpace(cursor);
  if (rune === comma) cursor.fail("a key has no value", 'write the value before ","; an empty text is ""');
  if (rune === braceClose) return lexMapEnd(lx);
  cursor.backup();
  lx.push(lexMapValueEnd);
  return lexValue;
}

function lexMapValueEnd(lx: Machine): State {
  const { cursor } = lx;
  const rune = nextAfterBlanks(cursor);
  const kind = comment(lx, rune);
  if (kind === "comment") return lexMapValueEnd;
  if (kind === "slash" || rune === semicolon || rune === comma || isNewline(rune)) return skip(lx, lexMapKeyStart);
  if (rune === braceClose) return lexMapEnd(lx);
  if (rune === endOfText) cursor.fail(openMap, openMapFix);
  return failAfterValue(lx, rune);
}

function lexMapEnd(lx: Machine): State {
  lx.cursor.ignore();
  lx.emit("mapEnd");
  return lx.pop();
}
