import type { Cursor } from "./cursor";

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", '"': '"', "\\": "\\" };
const escapeFix = "double the backslash (\\\\) for a plain one, or put the text in single quotes";

/** What was taken before the backslash just read, and what the escape stands for; both as bytes. */
export function takeEscape(cursor: Cursor): string {
  const before = cursor.bytes.slice(cursor.start, cursor.pos - 1);
  const at = cursor.pos - 1;
  const letter = cursor.bytes[cursor.pos] ?? "";
  cursor.next();
  let meaning = escapes[letter];
  if (letter === "x") {
    const digits = cursor.bytes.slice(cursor.pos, cursor.pos + 2);
    if (!/^[0-9a-f]{2}$/i.test(digits)) cursor.failAt(at, "two hexadecimal digits must follow \\x", escapeFix);
    cursor.pos += 2;
    meaning = String.fromCharCode(parseInt(digits, 16));
  }
  if (meaning === undefined) {
    cursor.failAt(at, 'a backslash starts an escape, and only \\t, \\n, \\r, \\", \\\\ and \\xXX are known', escapeFix);
  }
  cursor.ignore();
  return before + meaning;
}
