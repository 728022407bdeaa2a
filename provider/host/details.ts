import type { Bag, DynamicDiff } from "./dynamicProvider";
import type { DetailedChange } from "./extension";
import type { Diff } from "./handler";

/** A handler's diff as the server's answer and, for hosts that take it, path by path. */
export function detailsOf(
  diff: Diff,
  news: Bag,
  oldNames: readonly string[],
): { answer: DynamicDiff; changes: Record<string, DetailedChange> } {
  const changes: Record<string, DetailedChange> = {};
  const replaces = new Set<string>();
  for (const [path, kind] of Object.entries(diff.changes)) {
    const first = firstSegment(path);
    changes[path] = { kind, inputDiff: first in news || oldNames.includes(first) };
    if (kind.endsWith("-replace")) replaces.add(first);
  }
  const answer = {
    changes: Object.keys(changes).length > 0,
    replaces: [...replaces],
    deleteBeforeReplace: replaces.size > 0 && diff.deleteBeforeReplace === true,
  };
  return { answer, changes };
}

/** `nodes` of `nodes["east.1"].config`. */
function firstSegment(path: string): string {
  return /^\["(.*?)"\]/.exec(path)?.[1] ?? /^[^.[]*/.exec(path)![0];
}
