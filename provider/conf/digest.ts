import { createHash } from "node:crypto";
import { NatsError } from "../errors";
import { isAscii, toByteString } from "./bytes";
import type { ParsedConf } from "./parsed";
import { keepsUsedVariables } from "./releases";
import { isConfList, isConfMap, Reference } from "./value";
import type { ConfMap, ConfValue } from "./value";

/** True for a key that the digest leaves out. */
type Skip = (map: ConfMap, key: string) => boolean;

/**
 * The config_digest that a server of the parsed configuration's version reports: `-t`, the log line of a reload and
 * `/varz` name the same. It covers keys and values, not comments, order, or the contents of named files.
 */
export function configDigest(parsed: ParsedConf): string {
  return sha256(parsed.root, keepsUsedVariables(parsed.serverVersion) ? () => false : removedVariables(parsed));
}

/** The digest of values that hold no variables. */
export function digestOf(root: ConfMap): string {
  return sha256(root, () => false);
}

function sha256(root: ConfMap, skip: Skip): string {
  return `sha256:${createHash("sha256")
    .update(`${goJson(root, skip)}\n`, "utf8")
    .digest("hex")}`;
}

/** Old servers remove used variables from every map that they reach through maps alone. */
function removedVariables(parsed: ParsedConf): Skip {
  const reached = new Set<ConfMap>();
  const visit = (map: ConfMap): void => {
    if (reached.has(map)) return;
    reached.add(map);
    for (const [key, value] of map) if (isConfMap(value) && !parsed.isVariable(map, key)) visit(value);
  };
  visit(parsed.root);
  return (map, key) => reached.has(map) && parsed.isVariable(map, key);
}

/** JSON as Go's encoding/json writes it: keys sorted by their bytes, HTML escaped. */
function goJson(value: ConfValue, skip: Skip): string {
  if (typeof value === "string") return stringJson(value);
  if (isConfMap(value)) return mapJson(value, skip);
  if (isConfList(value)) return `[${value.map((item) => goJson(item, skip)).join(",")}]`;
  if (value instanceof Date) return `"${value.toISOString().replace(/\.?0*Z$/, "Z")}"`;
  if (value instanceof Reference) {
    throw new NatsError(`$${value.variable} has no value here. Fix: take the digest of the parsed configuration`);
  }
  // Both languages write the shortest digits, with an exponent below 1e-6 and from 1e21 on; only -0 differs.
  return Object.is(value, -0) ? "-0" : String(value);
}

function mapJson(map: ConfMap, skip: Skip): string {
  let json = "{";
  for (const key of sortByBytes([...map.keys()])) {
    if (skip(map, key)) continue;
    json += `${json === "{" ? "" : ","}${stringJson(key)}:${goJson(map.get(key)!, skip)}`;
  }
  return `${json}}`;
}

function sortByBytes(keys: string[]): string[] {
  if (keys.every(isAscii)) return keys.sort();
  const withBytes = keys.map((key) => ({ key, bytes: toByteString(key) }));
  return withBytes.sort((a, b) => (a.bytes < b.bytes ? -1 : a.bytes > b.bytes ? 1 : 0)).map(({ key }) => key);
}

function stringJson(text: string): string {
  if (!/[^\x20-\x7e]|["\\<>&]/.test(text)) return `"${text}"`;
  // A lone surrogate stands for a byte that is no UTF-8; Go writes this escape for each.
  const json = JSON.stringify(text).replace(/\\ud[89a-f][0-9a-f]{2}/g, (escape, at: number, all: string) =>
    isEscaped(all, at) ? escape : "\\ufffd",
  );
  return json.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The backslash at this place is itself escaped: the text holds a backslash and then "ud800". */
function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}
