import { ConfSyntaxError } from "./confSyntaxError";

/** What `next` gives at the end of the text; a NUL in the text means the same to the server. */
export const end = "\0";

/** A place in a text, read character by character. */
export class Cursor {
  readonly text: string;
  readonly file: string | undefined;
  position = 0;

  constructor(text: string, file: string | undefined) {
    this.text = text;
    this.file = file;
  }

  peek(): string {
    return this.text[this.position] ?? end;
  }

  next(): string {
    return this.position < this.text.length ? this.text[this.position++]! : end;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Takes `//` or `#` when it stands here. */
  takeCommentStart(): boolean {
    if (this.peek() === "#") this.position += 1;
    else if (this.text.startsWith("//", this.position)) this.position += 2;
    else return false;
    return true;
  }

  skipComment(): void {
    while (!this.atEnd && !isNewline(this.peek()) && this.peek() !== end) this.position++;
  }

  skipSpace(): void {
    while (isSpace(this.peek())) this.position++;
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.position++;
  }

  placeAt(position: number): { file: string | undefined; line: number; column: number } {
    const before = this.text.slice(0, position);
    const line = before.split("\n").length;
    return { file: this.file, line, column: position - before.lastIndexOf("\n") };
  }

  fail(reason: string, position = this.position): never {
    throw new ConfSyntaxError(reason, this.placeAt(position));
  }
}

export function isNewline(character: string): boolean {
  return character === "\n" || character === "\r";
}

export function isBlank(character: string): boolean {
  return character === " " || character === "\t";
}

export function isSpace(character: string): boolean {
  return (
    character !== end && /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(character)
  );
}

export function isDigit(character: string): boolean {
  return /\p{Nd}/u.test(character);
}

export function isKeySeparator(character: string): boolean {
  return character === ":" || character === "=";
}

/** A character as an error shows it. */
export function shown(character: string): string {
  if (character === end) return "the end of the file";
  return character === "\n" ? "a new line" : `"${character}"`;
}
