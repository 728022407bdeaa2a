import { endOfText } from "./cursor";
import type { Machine, State } from "./lexTypes";
import { isBlank, isDigit, isNewline } from "./runes";

/** Reads the path behind the word `include`. */
export function lexInclude(lx: Machine): State | undefined {
  const { cursor } = lx;
  let rune = cursor.next();
  while (isBlank(rune)) rune = cursor.next();
  if (rune === 0x22 || rune === 0x27) {
    cursor.ignore();
    return lexQuotedPath(lx, rune);
  }
  if (isDigit(rune) || isNewline(rune) || "-[{(\\".includes(String.fromCodePoint(rune))) {
    cursor.fail(
      "the name of a file must follow the word include",
      'include "file.conf"; a key of this name needs quotes',
    );
  }
  cursor.backup();
  cursor.ignore();
  return lexPath(lx);
}

function lexQuotedPath(lx: Machine, quote: number): State {
  const { cursor } = lx;
  for (let rune = cursor.next(); rune !== quote; rune = cursor.next()) {
    if (rune === endOfText) {
      cursor.failAt(cursor.start - 1, "the quoted file name of an include is never closed", "add the closing quote");
    }
  }
  cursor.backup();
  lx.emit("include");
  cursor.next();
  cursor.ignore();
  return lx.pop();
}

function lexPath(lx: Machine): State {
  const { cursor } = lx;
  for (;;) {
    const rune = cursor.next();
    const isEnd = isNewline(rune) || rune === endOfText || rune === 0x3b || rune === 0x7d || isBlank(rune);
    if (!isEnd && rune !== 0x27) continue;
    cursor.backup();
    lx.emit("include");
    if (!isEnd) {
      cursor.next();
      cursor.ignore();
    }
    return lx.pop();
  }
}
