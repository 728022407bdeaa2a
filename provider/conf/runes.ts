/** White space as the server sees it around keys and inside maps and arrays (Unicode's, not only ASCII's). */
export function isSpace(rune: number): boolean {
  if (rune < 0x80) return rune === 0x20 || (rune >= 0x09 && rune <= 0x0d);
  return (
    rune === 0x85 ||
    rune === 0xa0 ||
    rune === 0x1680 ||
    (rune >= 0x2000 && rune <= 0x200a) ||
    rune === 0x2028 ||
    rune === 0x2029 ||
    rune === 0x202f ||
    rune === 0x205f ||
    rune === 0x3000
  );
}

/** A decimal digit of any script: the server starts a number with any of them, and then fails to read it. */
export function isDigit(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x30 && rune <= 0x39;
  return /^\p{Nd}$/u.test(String.fromCodePoint(rune));
}

/** The white space that may stand between a separator and its value, and after a value. */
export function isBlank(rune: number): boolean {
  return rune === 0x20 || rune === 0x09;
}

export function isNewline(rune: number): boolean {
  return rune === 0x0a || rune === 0x0d;
}
