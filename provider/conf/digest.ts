import { createHash } from "node:crypto";
import { isConfList, isConfMap, Reference } from "./value";
import type { ConfMap, ConfValue } from "./value";
import { joinPath } from "./path";
import type { ParsedConf } from "./parsed";

/** The config_digest that a server reports for this configuration: sha256 over Go's JSON of it and a line feed. */
export function configDigest(parsed: ParsedConf): string {
  // Servers before 2.12 leave the definitions of used variables out.
  const skipped = isBefore212(parsed.serverVersion) ? parsed.variables : new Set<string>();
  return digestOf(parsed.root, skipped);
}

/** The digest of values that hold no variables. */
export function digestOf(root: ConfMap, skipped: ReadonlySet<string> = new Set()): string {
  const json = mapJson(root, "", skipped);
  return `sha256:${createHash("sha256").update(`${json}\n`, "utf8").digest("hex")}`;
}

function mapJson(map: ConfMap, path: string, skipped: ReadonlySet<string>): string {
  const members = [...map]
    .filter(([key]) => !skipped.has(joinPath(path, key)))
    .map(([key, value]) => ({ key, bytes: Buffer.from(key), value }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const texts = members.map(({ key, value }) => `${stringJson(key)}:${valueJson(value, joinPath(path, key), skipped)}`);
  return `{${texts.join(",")}}`;
}

function valueJson(value: ConfValue, path: string, skipped: ReadonlySet<string>): string {
  if (isConfMap(value)) return mapJson(value, path, skipped);
  // Within lists that server keeps them.
  if (isConfList(value)) return `[${value.map((member) => valueJson(member, "", new Set())).join(",")}]`;
  if (typeof value === "string") return stringJson(value);
  if (value instanceof Date) return `"${value.toISOString().replace(/\.000Z$/, "Z")}"`;
  if (value instanceof Reference) throw new TypeError(`$${value.variable} is not resolved`);
  // Go and JavaScript write float64 alike: shortest digits, exponents below 1e-6 and from 1e21 on.
  return Object.is(value, -0) ? "-0" : String(value);
}

function stringJson(text: string): string {
  // Bytes that are no UTF-8 stand as lone surrogates; Go writes each as this escape.
  const parts = text.split(/[\ud800-\udfff]/u).map((part) =>
    JSON.stringify(part)
      .slice(1, -1)
      .replace(/[<>&\u2028\u2029]/g, escaped),
  );
  return `"${parts.join("\\ufffd")}"`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isBefore212(version: string | undefined): boolean {
  const [major, minor] = (version ?? "").split(".").map(Number);
  return major === 2 && minor !== undefined && minor < 12;
}
