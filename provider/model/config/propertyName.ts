import type { KeyNode } from "../facts";

/** `max_file_store` is `maxFileStore` in a program. */
export function propertyName(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Members of a block by property name. */
export function properties(node: KeyNode): ReadonlyMap<string, KeyNode> {
  let known = byProperty.get(node);
  if (!known) {
    known = new Map([...new Set(node.members.values())].map((member) => [propertyName(member.key), member]));
    byProperty.set(node, known);
  }
  return known;
}

/** What the writer of an unknown property most likely meant. */
export function nearestProperty(node: KeyNode, name: string): string | undefined {
  const asKey = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const alias = node.members.get(asKey) ?? node.members.get(name.toLowerCase());
  if (alias) return propertyName(alias.key);
  const spellings = [...node.members].flatMap(([spelling, member]): [string, string][] => [
    [propertyName(spelling), propertyName(member.key)],
  ]);
  return nearest(
    name,
    spellings.map(([spelling]) => spelling),
    (spelling) => spellings.find(([known]) => known === spelling)![1],
  );
}

/** The nearest of `words` when it is near enough to be meant. */
export function nearest(
  word: string,
  words: readonly string[],
  name = (found: string): string => found,
): string | undefined {
  const wanted = word.toLowerCase();
  let best = wanted.length < 3 ? undefined : words.find((candidate) => candidate.toLowerCase().startsWith(wanted));
  // Of a short word little is left when two letters change.
  let least = best !== undefined ? 1 : (word.length <= 4 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of words) {
    const cost = distance(wanted, candidate.toLowerCase());
    if (cost < least) [best, least] = [candidate, cost];
  }
  return best === undefined ? undefined : name(best);
}

const byProperty = new WeakMap<KeyNode, ReadonlyMap<string, KeyNode>>();

/** Letters to change, add, leave out, or swap with the next. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(change, swap, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
