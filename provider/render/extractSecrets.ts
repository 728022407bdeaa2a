import { joinPath } from "../conf/path";
import { isConfList, isConfMap, Reference } from "../conf/value";
import type { ConfMap, ConfValue } from "../conf/value";
import { factFor } from "../model/facts";

export interface Extracted {
  /** The same configuration with `$VARIABLE` in place of each secret. */
  readonly conf: ConfMap;
  /** Variable name to secret value. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Takes every secret out of a configuration: values of keys that hold secrets, URLs with a password, and anything that
 * contains one of `known` (what the program itself marked as secret). Names come from the path, with users named
 * by their name instead of their position, so that inserting one does not rename the others.
 */
export function extractSecrets(conf: ConfMap, known: readonly string[] = []): Extracted {
  const secrets: Record<string, string> = {};
  const take = (name: string, value: string): Reference => {
    let variable = name;
    for (let n = 2; variable in secrets && secrets[variable] !== value; n++) variable = `${name}_${n}`;
    secrets[variable] = value;
    return new Reference(variable);
  };
  const marked = known.filter((value) => value !== "");
  const visit = (value: ConfValue, path: string, name: string): ConfValue => {
    if (isConfMap(value)) {
      return new Map(
        [...value].map(([key, member]) => [key, visit(member, joinPath(path, key), variableName(name, key))]),
      );
    }
    if (isConfList(value)) {
      return value.map((member, index) =>
        visit(member, joinPath(path, index), variableName(name, label(member, index))),
      );
    }
    // Only texts: a variable's value is written in quotes, which would make a text of a number or a boolean.
    return typeof value === "string" && holdsSecret(path, value, marked) ? take(name, value) : value;
  };
  return { conf: visit(conf, "", "") as ConfMap, secrets };
}

function holdsSecret(path: string, text: string, marked: readonly string[]): boolean {
  if (marked.some((secret) => (secret.length < 4 ? text === secret : text.includes(secret)))) return true;
  if (holdsLogin(text)) return true;
  return factFor(path)?.secret === true && !text.includes("://");
}

function holdsLogin(text: string): boolean {
  // A name alone is a token; a password may hold anything, a slash too.
  return /:\/\/[^\s]*@/.test(text);
}

function label(member: ConfValue, index: number): string {
  if (isConfMap(member)) {
    const named = member.get("user") ?? member.get("nkey") ?? member.get("name");
    if (typeof named === "string") return named;
  }
  if (typeof member === "string") {
    const address = /@([^/?]+)/.exec(member)?.[1];
    if (address) return address;
  }
  return String(index + 1);
}

function variableName(parent: string, part: string): string {
  const word = part
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toUpperCase();
  return parent === "" ? word || "ROOT" : `${parent}_${word}`;
}
