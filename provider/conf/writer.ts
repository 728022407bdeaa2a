import { NatsError } from "../errors";
import { isConfList, isConfMap } from "./value";
import type { ConfMap, ConfValue } from "./value";
import { hasLoneSurrogate, writeScalar } from "./writeScalar";

export interface WriteOptions {
  /** Comment lines at the top. */
  readonly header?: readonly string[];
  /** Files to include before everything else. */
  readonly includes?: readonly string[];
}

/** As deep as a configuration is read. */
const deepest = 1000;

/** A configuration as text that every server reads as exactly these values. Throws for what no text can say. */
export function writeConf(map: ConfMap, options: WriteOptions = {}): string {
  const lines: string[] = [];
  for (const line of (options.header ?? []).flatMap((text) => text.split(/[\n\r]+/))) lines.push(`# ${line}`.trimEnd());
  for (const file of options.includes ?? []) lines.push(`include ${quoteVerbatim(file, "the included file")}`);
  writeMembers(map, 0, lines);
  return lines.join("\n") + "\n";
}

function writeMembers(map: ConfMap, depth: number, lines: string[]): void {
  for (const [key, value] of map) {
    const name = writeKey(key);
    // Without the space, the brace would belong to the key.
    if (isConfMap(value)) writeBlock(`${name} {`, value, depth, lines);
    else writeItem(`${name}: `, value, depth, lines);
  }
}

function writeItem(lead: string, value: ConfValue, depth: number, lines: string[]): void {
  if (isConfMap(value)) writeBlock(`${lead}{`, value, depth, lines);
  else if (isConfList(value)) writeList(`${lead}[`, value, depth, lines);
  else lines.push(`${indent(depth)}${lead}${writeScalar(value)}`);
}

function writeBlock(opening: string, map: ConfMap, depth: number, lines: string[]): void {
  lines.push(`${indent(depth)}${opening}`);
  limitDepth(depth);
  writeMembers(map, depth + 1, lines);
  lines.push(`${indent(depth)}}`);
}

/** Each item on a line of its own: a "]" right behind a number would make it a text. */
function writeList(opening: string, list: readonly ConfValue[], depth: number, lines: string[]): void {
  lines.push(`${indent(depth)}${opening}`);
  limitDepth(depth);
  for (const item of list) writeItem("", item, depth + 1, lines);
  lines.push(`${indent(depth)}]`);
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}

function limitDepth(depth: number): void {
  if (depth >= deepest) throw new NatsError(`nats.conf is written at most ${deepest} levels deep. Fix: fewer levels`);
}

function writeKey(key: string): string {
  // A bare "include" before a brace would be the directive.
  if (/^[A-Za-z0-9_]+$/.test(key) && key.toLowerCase() !== "include") return key;
  return quoteVerbatim(key, "the key");
}

/** Keys and file names know no escapes in their quotes. */
function quoteVerbatim(text: string, what: string): string {
  const shown = JSON.stringify(text);
  if (text.includes('"') && text.includes("'")) {
    throw new NatsError(
      `nats.conf can't have ${what} ${shown}: it holds both kinds of quotes. Fix: a name with at most one kind`,
    );
  }
  if (text.includes("\0"))
    throw new NatsError(`nats.conf can't have ${what} ${shown}: a NUL byte ends the text. Fix: a name without it`);
  if (hasLoneSurrogate(text)) {
    throw new NatsError(
      `nats.conf can't have ${what} ${shown}: it is no well-formed Unicode. Fix: a name without lone surrogates`,
    );
  }
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
