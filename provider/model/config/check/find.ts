import { isConfMap } from "../../../conf/value";
import type { ConfMap, ConfValue } from "../../../conf/value";
import { joinPath } from "../../../conf/path";
import { keyTree } from "../../facts";
import { memberOf } from "../../facts/keyTree";

/** A value with its path as the configuration spells it. */
export interface Found {
  readonly value: ConfValue;
  readonly path: string;
}

/** The value at a canonical path of block keys, such as `cluster.name`, however its keys are spelled. */
export function find(root: ConfMap, canonical: string): Found | undefined {
  let node = keyTree();
  let found: Found = { value: root, path: "" };
  for (const part of canonical.split(".")) {
    const next = memberOf(node, part);
    if (!next || !isConfMap(found.value)) return undefined;
    let inner: Found | undefined;
    for (const [key, value] of found.value)
      if (key === part || (next !== node.any && memberOf(node, key) === next))
        inner = { value, path: joinPath(found.path, key) };
    if (!inner) return undefined;
    [found, node] = [inner, next];
  }
  return found;
}

export function textAt(root: ConfMap, canonical: string): string {
  const value = find(root, canonical)?.value;
  return typeof value === "string" ? value : "";
}

/** The port of a listener: from `listen`, else from `port`; 0 for none. */
export function portOf(root: ConfMap, block: string): number {
  const prefix = block === "" ? "" : `${block}.`;
  const listen = find(root, `${prefix}listen`)?.value;
  if (typeof listen === "bigint") return Number(listen);
  if (typeof listen === "string") return Number(/:([+-]?\d+)$/.exec(listen)?.[1] ?? 0);
  const port = find(root, `${prefix}port`)?.value;
  return typeof port === "bigint" ? Number(port) : 0;
}

export function isJetStreamOn(root: ConfMap): boolean {
  const block = find(root, "jetstream")?.value;
  if (block === undefined || block === false) return false;
  if (typeof block === "string") return /^enabled?$/i.test(block);
  return !isConfMap(block) || find(root, "jetstream.enabled")?.value !== false;
}
