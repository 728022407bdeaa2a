import type { KeyFact } from "./keyFact";

/** One place in nats.conf: what is known of it and what may stand below it. */
export interface KeyNode {
  readonly fact: KeyFact | undefined;
  /** Canonical key; `*` under a map of free names. */
  readonly key: string;
  /** Members by every spelling, aliases included, lower case. */
  readonly members: Map<string, KeyNode>;
  /** Member of any name: accounts.<name>, mappings.<subject>. */
  any: KeyNode | undefined;
  /** True where the path continues through a list: users[]. */
  isList: boolean;
}

/** The tree of all known keys. */
export function buildKeyTree(facts: readonly KeyFact[]): KeyNode {
  const root = newNode("", undefined);
  for (const fact of [...facts].sort((a, b) => a.path.length - b.path.length)) insert(root, fact);
  share(root);
  return root;
}

/** A member by any of its spellings. */
export function memberOf(node: KeyNode, key: string): KeyNode | undefined {
  return node.members.get(key) ?? node.members.get(key.toLowerCase()) ?? node.any;
}

function insert(root: KeyNode, fact: KeyFact): void {
  const parts = fact.path.split(".");
  let node = root;
  parts.forEach((part, index) => {
    const isList = part.endsWith("[]");
    const name = isList ? part.slice(0, -2) : part;
    const last = index === parts.length - 1;
    node = enter(node, name, last ? fact : undefined);
    if (isList) node.isList = true;
  });
}

function enter(parent: KeyNode, name: string, fact: KeyFact | undefined): KeyNode {
  if (name.startsWith("<")) return (parent.any ??= newNode("*", undefined));
  const known = parent.members.get(name);
  if (known && !fact) return known;
  const node = known ? { ...known, fact } : newNode(name, fact);
  for (const spelling of [name, ...(fact?.aliases ?? [])]) parent.members.set(spelling, node);
  return node;
}

/** Blocks that repeat the shape of another one and have no rows of their own. */
function share(root: KeyNode): void {
  const account = root.members.get("accounts")!.any!;
  const permissions = account.members.get("users")!.members.get("permissions")!;
  for (const parent of [account, root.members.get("authorization")!]) {
    const node = parent.members.get("default_permissions")!;
    for (const [spelling, member] of permissions.members) node.members.set(spelling, member);
  }
  root.members.get("mappings")!.any = account.members.get("mappings")!.any;
  const cluster = root.members.get("cluster")!.members.get("permissions")!;
  const allowDeny = permissions.members.get("publish")!.members;
  for (const side of ["import", "export"]) {
    const node = cluster.members.get(side)!;
    for (const [spelling, member] of allowDeny) node.members.set(spelling, member);
  }
  cluster.members.set("publish", cluster.members.get("import")!).set("pub", cluster.members.get("import")!);
  cluster.members.set("subscribe", cluster.members.get("export")!).set("sub", cluster.members.get("export")!);
}

function newNode(key: string, fact: KeyFact | undefined): KeyNode {
  return { key, fact, members: new Map(), any: undefined, isList: false };
}
