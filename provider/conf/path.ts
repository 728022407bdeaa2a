/** `accounts.APP.users[0]`: a key after a dot, an index in brackets; keys of other characters are quoted. */
export function joinPath(parent: string, part: string | number): string {
  if (typeof part === "number") return `${parent}[${part}]`;
  const key = /^[A-Za-z0-9_$-]+$/.test(part) ? part : JSON.stringify(part);
  return parent === "" ? key : `${parent}.${key}`;
}
