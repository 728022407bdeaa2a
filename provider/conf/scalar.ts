import { end, isBlank, isDigit, isNewline, shown } from "./cursor";
import type { Cursor } from "./cursor";
import { decodeBytes } from "./decodeBytes";

/** One value without members, before variables are resolved. */
export type Scalar =
  | { readonly kind: "value"; readonly value: string | bigint | number | boolean | Date }
  | { readonly kind: "variable"; readonly name: string }
  /** A number with a suffix that is none: the server drops the key without a word. */
  | { readonly kind: "dropped"; readonly text: string };

export interface ScalarRules {
  /** Servers before 2.14 take a number with a suffix as complete when a digit follows, and then stumble over the digit. */
  readonly digitEndsSuffix: boolean;
}

/** Reads the value that starts here; lists and maps are the caller's. */
export function readScalar(cursor: Cursor, rules: ScalarRules): Scalar {
  const start = cursor.position;
  const first = cursor.next();
  if (first === "'") return text(readSingleQuoted(cursor));
  if (first === '"') return text(readDoubleQuoted(cursor));
  if (first === "(") return text(readBlock(cursor));
  if (first === ".") cursor.fail('a value can\'t start with ".". Fix: quotes, or a 0 before the point', start);
  if (isNewline(first)) cursor.fail("a value is missing: the line ends here. Fix: a value on the same line", start);
  if (first === "-") return readNegative(cursor, start, rules);
  if (isDigit(first)) return readNumeric(cursor, start, rules);
  cursor.position = start;
  return readBare(cursor, start);
}

function text(value: string): Scalar {
  return { kind: "value", value };
}

export function readSingleQuoted(cursor: Cursor): string {
  const start = cursor.position;
  for (;;) {
    const character = cursor.next();
    if (character === "'") return cursor.text.slice(start, cursor.position - 1);
    if (character === end) endsInside(cursor, start, "the single quote that opens here is never closed. Fix: add '");
  }
}

function readDoubleQuoted(cursor: Cursor): string {
  const start = cursor.position;
  const parts = new TextParts(cursor);
  for (;;) {
    const character = cursor.next();
    if (character === "\\") parts.escape();
    else if (character === '"') return parts.finish(cursor.position - 1);
    else if (character === end)
      endsInside(cursor, start, 'the double quote that opens here is never closed. Fix: add "');
  }
}

/** The server takes a quote that opens at the very end for the end of the file, and complains only where a value is due. */
export class EndOfText extends Error {}

function endsInside(cursor: Cursor, start: number, reason: string): never {
  if (cursor.atEnd && cursor.position === start) throw new EndOfText(reason);
  cursor.fail(reason, start - 1);
}

/** `(` … `)` with the closing one alone on its line; the line breaks around the content belong to it. */
function readBlock(cursor: Cursor): string {
  const start = cursor.position;
  for (;;) {
    const character = cursor.next();
    if (character === ")" && cursor.text[cursor.position - 2] === "\n" && cursor.position - 1 > start) {
      if (cursor.atEnd) return cursor.text.slice(start, cursor.position);
      if (cursor.peek() === "\n") return cursor.text.slice(start, cursor.position - 1);
    }
    if (character === end)
      cursor.fail("the block that opens here is never closed. Fix: add ) on a line of its own", start - 1);
  }
}

function readBare(cursor: Cursor, start: number): Scalar {
  const parts = new TextParts(cursor, start);
  for (;;) {
    const character = cursor.peek();
    if (endsBareWord(character)) return word(cursor, start, parts);
    cursor.position++;
    if (character === "\\") parts.escape();
    if (character === "'") return text(parts.finish(cursor.position - 1));
  }
}

function word(cursor: Cursor, start: number, parts: TextParts): Scalar {
  if (parts.escaped) return text(parts.finish(cursor.position));
  const raw = cursor.text.slice(start, cursor.position);
  const lower = raw.toLowerCase();
  if (lower === "true" || lower === "on" || lower === "yes") return { kind: "value", value: true };
  if (lower === "false" || lower === "off" || lower === "no") return { kind: "value", value: false };
  return raw.startsWith("$") ? { kind: "variable", name: raw.slice(1) } : text(raw);
}

function endsBareWord(character: string): boolean {
  return isNewline(character) || isBlank(character) || [end, ";", ",", "]", "}"].includes(character);
}

function endsNumber(character: string): boolean {
  return isNewline(character) || isBlank(character) || [end, "}", ";", ","].includes(character);
}

function readNumeric(cursor: Cursor, start: number, rules: ScalarRules): Scalar {
  while (isDigit(cursor.peek())) cursor.position++;
  const stop = cursor.peek();
  if (stop === "-") return readDate(cursor, start);
  if (stop === ".") return readFloat(cursor, start);
  if (isSuffix(stop)) return readSuffixed(cursor, start, rules);
  if (endsNumber(stop)) return integer(cursor, start);
  cursor.position++;
  return readBare(cursor, start);
}

function readNegative(cursor: Cursor, start: number, rules: ScalarRules): Scalar {
  if (!isDigit(cursor.peek())) {
    cursor.fail(`"-" starts a number, but ${shown(cursor.peek())} follows. Fix: quotes around the text`, start);
  }
  while (isDigit(cursor.peek())) cursor.position++;
  if (cursor.peek() === ".") return readFloat(cursor, start);
  return isSuffix(cursor.peek()) ? readSuffixed(cursor, start, rules) : integer(cursor, start);
}

function isSuffix(character: string): boolean {
  return /[kmgtpe]/i.test(character);
}

function readSuffixed(cursor: Cursor, start: number, rules: ScalarRules): Scalar {
  cursor.position++;
  while (/[bi]/i.test(cursor.peek())) cursor.position++;
  const stop = cursor.peek();
  if (endsNumber(stop) || (rules.digitEndsSuffix && isDigit(stop))) return integer(cursor, start);
  return readBare(cursor, start);
}

const thousand = 1000n;
const kibi = 1024n;
const exponents: Readonly<Record<string, bigint>> = { k: 1n, m: 2n, g: 3n, t: 4n, p: 5n, e: 6n };

function integer(cursor: Cursor, start: number): Scalar {
  const raw = cursor.text.slice(start, cursor.position);
  const [, digits, suffix] = /^(-?\p{Nd}+)(.*)$/u.exec(raw)!;
  if (!/^-?[0-9]+$/.test(digits!)) cursor.fail(`"${raw}" is no whole number. Fix: quotes around the text`, start);
  const value = BigInt(digits!);
  if (value !== BigInt.asIntN(64, value)) cursor.fail(`${raw} is beyond 64 bits`, start);
  const factor = factorOf(suffix!.toLowerCase());
  if (factor === undefined) return { kind: "dropped", text: raw };
  return { kind: "value", value: BigInt.asIntN(64, value * factor) };
}

function factorOf(suffix: string): bigint | undefined {
  if (suffix === "") return 1n;
  const exponent = exponents[suffix[0]!];
  const rest = suffix.slice(1);
  if (exponent === undefined) return undefined;
  if (rest === "") return thousand ** exponent;
  return rest === "b" || rest === "i" || rest === "ib" ? kibi ** exponent : undefined;
}

function readFloat(cursor: Cursor, start: number): Scalar {
  cursor.position++;
  if (!isDigit(cursor.peek())) {
    cursor.fail(`a digit must follow the point, not ${shown(cursor.peek())}. Fix: quotes around the text`);
  }
  while (isDigit(cursor.peek())) cursor.position++;
  if (cursor.peek() === ".") {
    // Two points: an address, perhaps with a port.
    while (/[\p{Nd}.:-]/u.test(cursor.peek())) cursor.position++;
    return text(cursor.text.slice(start, cursor.position));
  }
  const raw = cursor.text.slice(start, cursor.position);
  const value = Number(raw);
  if (!Number.isFinite(value)) cursor.fail(`${raw} is no number that fits in 64 bits`, start);
  return { kind: "value", value };
}

function readDate(cursor: Cursor, start: number): Scalar {
  const raw = cursor.text.slice(start, start + 20);
  const wellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(raw);
  const date = new Date(raw);
  if (!wellFormed || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== raw.slice(0, 19)) {
    cursor.fail(`"-" after digits starts a date such as 2026-01-31T12:00:00Z. Fix: quotes around the text`, start);
  }
  cursor.position = start + 20;
  return { kind: "value", value: date };
}

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", '"': '"', "\\": "\\" };

/** A text with escapes, as the bytes that the server sees. */
class TextParts {
  readonly #cursor: Cursor;
  readonly #parts: (string | number)[] = [];
  #from: number;
  escaped = false;

  constructor(cursor: Cursor, from = cursor.position) {
    this.#cursor = cursor;
    this.#from = from;
  }

  /** Takes what follows the backslash that was just read. */
  escape(): void {
    const cursor = this.#cursor;
    this.escaped = true;
    this.#parts.push(cursor.text.slice(this.#from, cursor.position - 1));
    const character = cursor.next();
    const plain = escapes[character];
    if (plain !== undefined) this.#parts.push(plain);
    else if (character === "x") this.#parts.push(this.#hexadecimal());
    else {
      const known = '\\t, \\n, \\r, \\", \\\\ and \\xXX are all there are';
      cursor.fail(
        `no escape \\${character === end ? "" : character} exists: ${known}. Fix: single quotes, or \\\\`,
        cursor.position - 1,
      );
    }
    this.#from = cursor.position;
  }

  #hexadecimal(): number {
    const digits = this.#cursor.text.slice(this.#cursor.position, this.#cursor.position + 2);
    if (!/^[0-9a-f]{2}$/i.test(digits)) this.#cursor.fail("two hexadecimal digits must follow \\x");
    this.#cursor.position += 2;
    return parseInt(digits, 16);
  }

  finish(to: number): string {
    this.#parts.push(this.#cursor.text.slice(this.#from, to));
    return decodeBytes(this.#parts);
  }
}
