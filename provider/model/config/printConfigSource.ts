import { isSecretKey, redact } from "../../redact";
import { keyTree } from "../facts";
import type { KeyNode } from "../facts";
import { memberOf } from "../facts/keyTree";
import { propertyKey, quote, together } from "../sourceText";
import { properties } from "./propertyName";
import type { ServerConfig } from "./serverConfig";

export interface PrintOptions {
  /** Print `config.requireSecret("…")` in place of secrets. Default: they stand in the text. */
  readonly mask?: boolean;
}

/** The configuration as the object literal that a program would hold. */
export function printConfigSource(config: ServerConfig, options: PrintOptions = {}): string {
  return printObject(config, keyTree(), [], "", options.mask === true);
}

/** True where a printed configuration would show a secret. */
export function holdsSecrets(config: ServerConfig): boolean {
  return printConfigSource(config, { mask: true }) !== printConfigSource(config);
}

function print(
  value: unknown,
  node: KeyNode | undefined,
  names: readonly string[],
  indent: string,
  mask: boolean,
): string {
  if (mask && typeof value !== "boolean" && isSecret(value, node, names))
    return `config.requireSecret(${quote(secretName(names))})`;
  if (Array.isArray(value)) return printList(value, node, names, indent, mask);
  if (value instanceof Date) return `new Date(${quote(value.toISOString())})`;
  if (typeof value === "object" && value !== null) return printObject(value, node, names, indent, mask);
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "string" ? quote(value) : String(value);
}

function printObject(
  value: object,
  node: KeyNode | undefined,
  names: readonly string[],
  indent: string,
  mask: boolean,
): string {
  const inner = `${indent}  `;
  const parts = (Object.entries(value) as [string, unknown][])
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => {
      const below = name === "verbatim" ? node : childOf(node, name);
      return `${propertyKey(name)}: ${print(member, below, [...names, name], inner, mask)}`;
    });
  return together("{", parts, "}", indent, " ");
}

function printList(
  values: readonly unknown[],
  node: KeyNode | undefined,
  names: readonly string[],
  indent: string,
  mask: boolean,
): string {
  const parts = values.map((value, index) => print(value, node, [...names, label(value, index)], `${indent}  `, mask));
  return together("[", parts, "]", indent, "");
}

function childOf(node: KeyNode | undefined, name: string): KeyNode | undefined {
  return node && (properties(node).get(name) ?? memberOf(node, name));
}

function isSecret(value: unknown, node: KeyNode | undefined, names: readonly string[]): boolean {
  if (typeof value === "object") return false;
  if (typeof value === "string" && (/:\/\/\S*@/.test(value) || redact(value) !== value)) return true;
  if (isSecretKey(names.at(-1) ?? "")) return true;
  // What only defines a variable, or nobody knows, may be anything.
  if (!node && names.includes("verbatim")) return true;
  if (node?.fact?.secret !== true) return false;
  // A key that holds URLs is marked because a URL may carry a password.
  return !(typeof value === "string" && value.includes("://"));
}

function secretName(names: readonly string[]): string {
  const words = names
    .filter((name) => name !== "verbatim")
    .flatMap((name) => name.split(/[^A-Za-z0-9]+/))
    .filter((word) => word !== "");
  return words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join("");
}

function label(value: unknown, index: number): string {
  const named = value as { user?: unknown; nkey?: unknown; name?: unknown } | null;
  const nkey = typeof named === "object" ? named?.nkey : undefined;
  // A seed in its place must not show.
  const publicKey = typeof nkey === "string" && nkey.startsWith("U") ? nkey : undefined;
  const name = typeof named === "object" ? (named?.user ?? publicKey ?? named?.name) : undefined;
  return typeof name === "string" ? name : String(index + 1);
}
