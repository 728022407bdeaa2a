import { NatsError } from "../errors";
import { isConfList, isConfMap, Reference } from "./value";
import type { ConfMap, ConfValue } from "./value";

export interface WriteOptions {
  /** Comment lines at the top. */
  readonly header?: readonly string[];
  /** Files to include before everything else. */
  readonly includes?: readonly string[];
}

/** A configuration as text that every server reads as exactly these values. */
export function writeConf(map: ConfMap, options: WriteOptions = {}): string {
  const lines = [
    ...(options.header ?? []).map((line) => `# ${line}`),
    ...(options.includes ?? []).map((file) => `include ${quote(file)}`),
    ...members(map, ""),
  ];
  return lines.join("\n") + "\n";
}

function members(map: ConfMap, indent: string): string[] {
  return [...map].flatMap(([key, value]) => entry(key, value, indent));
}

function entry(key: string, value: ConfValue, indent: string): string[] {
  const name = writeKey(key);
  if (isConfMap(value)) return [`${indent}${name} {`, ...members(value, `${indent}  `), `${indent}}`];
  if (isConfList(value)) return [`${indent}${name}: [`, ...items(value, `${indent}  `), `${indent}]`];
  return [`${indent}${name}: ${scalar(value)}`];
}

function items(list: readonly ConfValue[], indent: string): string[] {
  return list.flatMap((item) => {
    if (isConfMap(item)) return [`${indent}{`, ...members(item, `${indent}  `), `${indent}}`];
    if (isConfList(item)) return [`${indent}[`, ...items(item, `${indent}  `), `${indent}]`];
    return [`${indent}${scalar(item)}`];
  });
}

function scalar(value: string | bigint | number | boolean | Date | Reference): string {
  if (typeof value === "string") return quote(value);
  if (value instanceof Reference) return `$${value.variable}`;
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, "Z");
  if (typeof value === "number" && !Number.isFinite(value)) throw new NatsError(`nats.conf has no number ${value}`);
  if (typeof value === "number" && Number.isInteger(value)) return value.toFixed(1);
  return String(value);
}

function quote(text: string): string {
  const escapes: Record<string, string> = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\0": "\\x00",
  };
  return `"${text.replace(/[\\"\n\r\t\0]/g, (character) => escapes[character]!)}"`;
}

function writeKey(key: string): string {
  if (/^[A-Za-z0-9_]+$/.test(key)) return key;
  if (key.includes("\0") || (key.includes('"') && key.includes("'"))) {
    throw new NatsError(
      `nats.conf can't have the key ${JSON.stringify(key)}: no quotes are left for it. Fix: a name without both kinds of quotes`,
    );
  }
  return key.includes('"') ? `'${key}'` : `"${key}"`;
}
