import { fromByteString, runeAt } from "./bytes";
import { ConfSyntaxError } from "./confSyntaxError";
import type { Position } from "./confSyntaxError";

/** What next() answers at the end. A NUL byte reads the same, which is why one in a file ends things early. */
export const endOfText = 0;

/** A place in one file's bytes, with the start of what is being read. */
export class Cursor {
  readonly bytes: string;
  readonly file: string | undefined;
  pos = 0;
  start = 0;
  #width = 0;
  #lineStarts: number[] | undefined;

  constructor(bytes: string, file: string | undefined) {
    this.bytes = bytes;
    this.file = file;
  }

  next(): number {
    if (this.pos >= this.bytes.length) {
      this.#width = 0;
      return endOfText;
    }
    const code = this.bytes.charCodeAt(this.pos);
    if (code < 0x80) {
      this.#width = 1;
      this.pos += 1;
      return code;
    }
    const [rune, width] = runeAt(this.bytes, this.pos);
    this.#width = width;
    this.pos += width;
    return rune < 0 ? 0xfffd : rune;
  }

  /** Goes back by the width of the character read last. */
  backup(): void {
    this.pos -= this.#width;
  }

  peek(): number {
    const rune = this.next();
    this.backup();
    return rune;
  }

  /** What was read so far belongs to nothing. */
  ignore(): void {
    this.start = this.pos;
  }

  get taken(): string {
    return this.bytes.slice(this.start, this.pos);
  }

  position(offset: number): Position {
    this.#lineStarts ??= lineStarts(this.bytes);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const before = fromByteString(this.bytes.slice(this.#lineStarts[low], offset));
    const place = { line: low + 1, column: [...before].length + 1 };
    return this.file === undefined ? place : { file: this.file, ...place };
  }

  /** Fails at the character read last. */
  fail(reason: string, fix: string): never {
    return this.failAt(this.pos - this.#width, reason, fix);
  }

  failAt(offset: number, reason: string, fix: string): never {
    throw new ConfSyntaxError(this.position(offset), reason, fix);
  }
}

function lineStarts(bytes: string): number[] {
  const starts = [0];
  for (let at = bytes.indexOf("\n"); at >= 0; at = bytes.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** A character as an error names it. */
export function shown(rune: number): string {
  if (rune === endOfText) return "the end of the file";
  if (rune === 0x0a || rune === 0x0d) return "the end of the line";
  return rune < 0x20 ? `the control character ${rune}` : `'${String.fromCodePoint(rune)}'`;
}
