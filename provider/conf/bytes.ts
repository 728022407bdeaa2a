/**
 * The server reads bytes. A "byte string" here has one character (0–255) for each byte; in text, a byte that is no
 * UTF-8 is the lone surrogate U+DC80…U+DCFF, so that nothing is lost on the way.
 */
export function toByteString(text: string): string {
  if (isAscii(text)) return text;
  let bytes = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes += character;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes += String.fromCharCode(code - 0xdc00);
    else bytes += Buffer.from(character, "utf8").toString("latin1");
  }
  return bytes;
}

/** The text of a byte string. */
export function fromByteString(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const [rune, width] = runeAt(bytes, at);
    text += rune === invalidRune ? String.fromCharCode(0xdc00 + bytes.charCodeAt(at)) : String.fromCodePoint(rune);
    at += width;
  }
  return text;
}

/** The text of a configuration file. */
export function confText(file: Uint8Array): string {
  return fromByteString(Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString("latin1"));
}

/** What runeAt answers for a byte that starts no character; its width is then 1. */
const invalidRune = -1;

/** The character at a place of a byte string, with its length in bytes. */
export function runeAt(bytes: string, at: number): [rune: number, width: number] {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return [first, 1];
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return [invalidRune, 1];
  let rune = first & (0xff >> (width + 1));
  for (let index = 1; index < width; index++) {
    const next = bytes.charCodeAt(at + index);
    if ((next & 0xc0) !== 0x80 || next > 0xff) return [invalidRune, 1];
    rune = (rune << 6) | (next & 0x3f);
  }
  const isOverlong = (width === 3 && rune < 0x800) || (width === 4 && rune < 0x10000);
  const isSurrogate = rune >= 0xd800 && rune <= 0xdfff;
  return isOverlong || isSurrogate || rune > 0x10ffff ? [invalidRune, 1] : [rune, width];
}

export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
