import { endOfText } from "./cursor";
import { lexNumber } from "./lexNumber";
import type { Machine, State } from "./lexTypes";
import { lexWord } from "./lexWord";
import { isDigit, isNewline } from "./runes";
import { takeEscape } from "./takeEscape";

const backslash = 0x5c;

/** Reads one value that is neither a list nor a map. */
export function lexScalar(lx: Machine): State | undefined {
  const { cursor } = lx;
  const rune = cursor.next();
  if (rune === 0x27) return lexSingleQuoted(lx);
  if (rune === 0x22) return lexDoubleQuoted(lx);
  if (rune === 0x28) return lexBlock(lx);
  if (rune === 0x2e) cursor.fail("a value can't start with '.'", "0.5 for a number, double quotes around a text");
  if (isNewline(rune))
    cursor.fail("a key has no value on its line", 'write the value on the same line; an empty text is ""');
  if (rune === 0x2d || isDigit(rune)) return lexNumber(lx, rune === 0x2d);
  cursor.backup();
  return lexWord(lx);
}

function lexSingleQuoted(lx: Machine): State | undefined {
  const { cursor } = lx;
  cursor.ignore();
  for (let rune = cursor.next(); rune !== 0x27; rune = cursor.next()) {
    if (rune === endOfText) return unclosed(lx, cursor.start, "'");
  }
  cursor.backup();
  lx.emit("string");
  cursor.next();
  cursor.ignore();
  return lx.pop();
}

function unclosed(lx: Machine, start: number, quote: string): undefined {
  const { cursor } = lx;
  if (cursor.pos > cursor.start) cursor.failAt(start - 1, "a quoted text is never closed", `add ${quote} at its end`);
  // The server takes a quote that is the very last character for the end of the file.
  lx.emit("end", "");
  return undefined;
}

function lexDoubleQuoted(lx: Machine): State | undefined {
  const { cursor } = lx;
  cursor.ignore();
  const start = cursor.pos;
  let escaped = "";
  for (let rune = cursor.next(); rune !== 0x22; rune = cursor.next()) {
    if (rune === endOfText) return unclosed(lx, start, '"');
    if (rune === backslash) escaped += takeEscape(cursor);
  }
  cursor.backup();
  lx.emit("string", escaped + cursor.taken);
  cursor.next();
  cursor.ignore();
  return lx.pop();
}

/** A text from "(" to a ")" alone on its line. */
function lexBlock(lx: Machine): State {
  const { cursor } = lx;
  cursor.ignore();
  const { bytes } = cursor;
  for (;;) {
    const rune = cursor.next();
    if (rune === endOfText) {
      cursor.failAt(cursor.start - 1, "a text in parentheses is never closed", "add ')' on a line of its own");
    }
    if (rune !== 0x29 || bytes[cursor.pos - 2] !== "\n") continue;
    const follower = bytes[cursor.pos];
    // At the very end of the file the server takes the ")" into the text.
    if (follower === undefined) {
      lx.emit("string");
      return lx.pop();
    }
    if (follower !== "\n" && follower !== "\0") continue;
    cursor.backup();
    lx.emit("string");
    cursor.next();
    cursor.ignore();
    return lx.pop();
  }
}
