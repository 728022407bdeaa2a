/** `accounts.APP.users[0]`: a key after a dot, an index in brackets; keys of other characters are quoted. */
export function joinPath(parent: string, part: string | number): string {
  if (typeof part === "number") return `${parent}[${part}]`;
  const key = /^[A-Za-z0-9_$-]+$/.test(part) ? part : JSON.stringify(part);
  return parent === "" ? key : `${parent}.${key}`;
}

/** The parts that joinPath put together. Nothing for text that is no path. */
export function splitPath(path: string): (string | number)[] | undefined {
  const part = /(?:^|\.)(?:([A-Za-z0-9_$-]+)|("(?:[^"\\]|\\.)*"))|\[(\d+)\]/gy;
  const parts: (string | number)[] = [];
  while (part.lastIndex < path.length) {
    const match = part.exec(path);
    if (!match) return undefined;
    const [, bare, quoted, index] = match;
    parts.push(bare ?? (quoted === undefined ? Number(index) : (JSON.parse(quoted) as string)));
  }
  return parts;
}
