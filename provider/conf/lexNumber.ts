import { endOfText, shown } from "./cursor";
import type { Machine, State } from "./lexTypes";
import { lexWord } from "./lexWord";
import { isBlank, isDigit, isNewline } from "./runes";

const point = 0x2e;
const minus = 0x2d;

/** What starts with a digit (read already) or a minus: a number, a date, an address, or a text after all. */
export function lexNumber(lx: Machine, isNegative: boolean): State {
  const { cursor } = lx;
  if (isNegative) {
    const rune = cursor.next();
    if (!isDigit(rune)) {
      cursor.fail(`a digit must follow '-', not ${shown(rune)}`, "double quotes around a text that starts with '-'");
    }
  }
  for (;;) {
    const rune = cursor.next();
    if (isDigit(rune)) continue;
    if (rune === point) return lexFraction(lx);
    if (isSuffix(rune)) return lexSuffix(lx);
    if (!isNegative) {
      if (rune === minus) return lexDate(lx);
      // From here on it is a text; the character itself has been taken, whatever it is.
      if (!endsNumber(rune)) return lexWord;
    }
    cursor.backup();
    lx.emit("integer");
    return lx.pop();
  }
}

/** A list's "]" is not among them: `[10]` starts a text. */
function endsNumber(rune: number): boolean {
  return isBlank(rune) || isNewline(rune) || rune === endOfText || rune === 0x7d || rune === 0x3b || rune === 0x2c;
}

function isSuffix(rune: number): boolean {
  return rune < 0x80 && "kmgtpe".includes(String.fromCharCode(rune).toLowerCase());
}

function lexSuffix(lx: Machine): State {
  const { cursor } = lx;
  let rune = cursor.next();
  while (rune === 0x62 || rune === 0x42 || rune === 0x69 || rune === 0x49) rune = cursor.next();
  cursor.backup();
  if (!endsNumber(rune) && !(lx.rules.digitEndsSuffix && isDigit(rune))) return lexWord;
  lx.emit("integer");
  return lx.pop();
}

function lexFraction(lx: Machine): State {
  const { cursor } = lx;
  let rune = cursor.next();
  if (!isDigit(rune)) {
    cursor.fail(`a digit must follow '.' in a number, not ${shown(rune)}`, "double quotes around the text");
  }
  while (isDigit(rune)) rune = cursor.next();
  const isAddress = rune === point;
  if (isAddress) while (isDigit(rune) || rune === point || rune === 0x3a || rune === minus) rune = cursor.next();
  cursor.backup();
  lx.emit(isAddress ? "string" : "float");
  return lx.pop();
}

const dateFix = "double quotes around a text; a date is written 2026-01-31T12:00:00Z";

function lexDate(lx: Machine): State {
  const { cursor } = lx;
  if (cursor.pos - cursor.start !== 5) cursor.fail("'-' follows digits that are no year", dateFix);
  for (const expected of "00-00T00:00:00Z") {
    const rune = cursor.next();
    if (expected === "0" ? !isDigit(rune) : rune !== expected.charCodeAt(0)) {
      cursor.fail(`${shown(rune)} stands in what starts as a date`, dateFix);
    }
  }
  lx.emit("date");
  return lx.pop();
}
