/** The checksum that a list in the format of sha256sum gives for a file, or undefined where it has no line for it. */
export function checksumOf(list: string, name: string): string | undefined {
  for (const line of list.split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})\s+\*?(?:.*\/)?([^/]+?)\s*$/i.exec(line);
    if (match && match[2] === name) return match[1]!.toLowerCase();
  }
  return undefined;
}
