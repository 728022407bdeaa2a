import { endOfText } from "./cursor";
import type { Cursor } from "./cursor";
import type { Machine, State } from "./lexTypes";
import { isBlank, isNewline } from "./runes";
import { takeEscape } from "./takeEscape";

const backslash = 0x5c;

/** A bare word: a bool, a variable or a text. Escapes count in it, too. */
export function lexWord(lx: Machine): State {
  const { cursor } = lx;
  let escaped: string | undefined;
  for (;;) {
    const rune = cursor.next();
    if (rune === backslash) {
      escaped = (escaped ?? "") + takeEscape(cursor);
      continue;
    }
    if (rune === 0x27) {
      cursor.backup();
      lx.emit("string", (escaped ?? "") + cursor.taken);
      cursor.next();
      cursor.ignore();
      return lx.pop();
    }
    if (!endsWord(rune)) continue;
    cursor.backup();
    if (escaped !== undefined) lx.emit("string", escaped + cursor.taken);
    else if (isBool(cursor)) lx.emit("bool");
    else if (cursor.bytes[cursor.start] === "$") lx.emit("variable", cursor.taken.slice(1));
    else lx.emit("string");
    return lx.pop();
  }
}

function endsWord(rune: number): boolean {
  return (
    isBlank(rune) ||
    isNewline(rune) ||
    rune === endOfText ||
    rune === 0x2c ||
    rune === 0x3b ||
    rune === 0x5d ||
    rune === 0x7d
  );
}

function isBool({ pos, start, taken }: Cursor): boolean {
  return pos - start <= 5 && /^(?:true|false|on|off|yes|no)$/i.test(taken);
}
