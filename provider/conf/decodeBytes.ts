/**
 * Joins text and single bytes and reads the result as UTF-8. A byte that belongs to no character stands as the lone
 * surrogate U+DC00 + byte, so that the digest can tell it from U+FFFD itself, as Go does.
 */
export function decodeBytes(parts: readonly (string | number)[]): string {
  if (parts.every((part) => typeof part === "string" || part < 0x80)) {
    return parts.map((part) => (typeof part === "string" ? part : String.fromCharCode(part))).join("");
  }
  const bytes = Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "utf8") : Buffer.of(part))),
  );
  let text = "";
  for (let index = 0; index < bytes.length;) {
    const length = characterLength(bytes, index);
    text += length === 0 ? String.fromCharCode(0xdc00 + bytes[index]!) : bytes.toString("utf8", index, index + length);
    index += length || 1;
  }
  return text;
}

/** Length of the well-formed character at an index, or 0. */
function characterLength(bytes: Buffer, index: number): number {
  const first = bytes[index]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length < 2) return length;
  const character = bytes.toString("utf8", index, index + length);
  return character.length > 0 && !character.includes("\ufffd") && Buffer.byteLength(character) === length
    ? length
    : replacement(bytes, index, length);
}

/** U+FFFD itself, well encoded, is a character like others. */
function replacement(bytes: Buffer, index: number, length: number): number {
  return length === 3 && bytes.toString("hex", index, index + 3) === "efbfbd" ? 3 : 0;
}
