import type { KeyFact } from "./keyFact";
import { buildKeyTree, memberOf } from "./keyTree";
import type { KeyNode } from "./keyTree";

export type { KeyFact } from "./keyFact";
export type { KeyNode } from "./keyTree";

/** All facts on nats.conf's keys, group by group. */
export function facts(): readonly KeyFact[] {
  return (loaded ??= (require("./table") as { table: readonly KeyFact[] }).table);
}

/** The keys as a tree. */
export function keyTree(): KeyNode {
  return (tree ??= buildKeyTree(facts()));
}

/**
 * What is known about a concrete path: `accounts.APP.users[0].pass`, `websocket.headers."X-Frame"`, `mappings."a.*"[0].weight`.
 * Aliases and any case are understood. An element of a list or a free name in a map has its container's fact.
 */
export function factFor(path: string): KeyFact | undefined {
  const known = found.get(path);
  if (known !== undefined || found.has(path)) return known;
  const fact = look(path);
  if (found.size > 20_000) found.clear();
  found.set(path, fact);
  return fact;
}

let loaded: readonly KeyFact[] | undefined;
let tree: KeyNode | undefined;
const found = new Map<string, KeyFact | undefined>();

function look(path: string): KeyFact | undefined {
  let node = keyTree();
  let container: KeyFact | undefined;
  for (const part of splitPath(path)) {
    if (part.startsWith("[")) continue;
    if (node.fact) container = node.fact;
    const next = memberOf(node, part);
    if (!next) return isFreeMap(container) && node.members.size === 0 ? container : undefined;
    node = next;
  }
  return node.fact ?? container;
}

function isFreeMap(fact: KeyFact | undefined): boolean {
  return fact?.type.startsWith("map<") ?? false;
}

/** Names and `[n]` of a path; a name that stands in quotes may hold any character. */
function splitPath(path: string): string[] {
  const parts: string[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|\[[^\]]*\]|[^.[\]"]+/g;
  for (const match of path.matchAll(pattern)) {
    const [whole, quoted] = match;
    if (quoted !== undefined) parts.push(quoted.replace(/\\(.)/g, "$1"));
    else if (/^\["/.test(whole)) parts.push(whole.slice(2, -2));
    else parts.push(whole);
  }
  return parts;
}
