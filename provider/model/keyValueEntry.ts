import type { Problem } from "../errors";
import { adoptProblems } from "./assetWords";
import { bucketProblem } from "./bucketName";
import type { Payload } from "./payload";
import { payloadProblems } from "./payload";
import { parseDuration, shortDuration, UnitError } from "./units";

/** What a program says of one key of a bucket. */
export interface KeyValueEntryInputs extends Payload {
  readonly bucket: string;
  readonly key: string;
  readonly ttl?: string;
  readonly adopt?: boolean;
  readonly onConflict?: "refuse" | "overwrite";
  readonly onDelete?: "delete" | "purge";
}

/** What says which key it is; another one is another resource. */
export const entryPlace = ["bucket", "key"] as const;
/** What is written; a change is a new revision. */
export const entrySettings = ["value", "json", "base64", "file", "ttl"] as const;
/** What says how. */
export const entryOptions = ["adopt", "onConflict", "onDelete"] as const;
const known: readonly string[] = [...entryPlace, ...entrySettings, ...entryOptions, "digest"];

/** Everything wrong with the inputs, but for what only a server or a file can tell. Values are never shown. */
export function entryProblems(inputs: KeyValueEntryInputs): Problem[] {
  const problems: Problem[] = [];
  const bucket = bucketProblem("bucket", inputs.bucket);
  if (bucket) problems.push(bucket);
  const key = keyFault(inputs.key);
  if (key) problems.push({ path: "key", ...key });
  problems.push(...payloadProblems(inputs, 'value: "on"'), ...adoptProblems(inputs.adopt));
  const ttl = ttlFault(inputs.ttl);
  if (ttl) problems.push({ path: "ttl", ...ttl });
  choice(problems, "onConflict", inputs.onConflict, ["refuse", "overwrite"]);
  choice(problems, "onDelete", inputs.onDelete, ["delete", "purge"]);
  for (const name of Object.keys(inputs).filter((each) => !known.includes(each))) {
    problems.push({ path: name, reason: `there is no property "${name}" here` });
  }
  return problems;
}

/** Adds a problem where a value is none of the choices. */
export function choice(problems: Problem[], path: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return;
  const reason = `${JSON.stringify(value)}: ${choices.map((each) => `"${each}"`).join(" or ")} is wanted`;
  problems.push({ path, reason, fix: `${path}: "${choices[0]}"` });
}

/** Time to live in whole seconds, as the header says it: "90s"; "never" outlives the bucket's own ttl. */
export function ttlText(ttl: string | undefined): string | undefined {
  if (ttl === undefined || ttl === "never") return ttl;
  return shortDuration(parseDuration(ttl));
}

/** A header's time in a program's words: a bare number is seconds. */
export function ttlOfHeader(header: string | undefined): string | undefined {
  if (header === undefined || header === "never") return header;
  try {
    return shortDuration(parseDuration(/^\d+$/.test(header) ? `${header}s` : header));
  } catch {
    return header;
  }
}

function keyFault(key: unknown): Omit<Problem, "path"> | undefined {
  if (typeof key !== "string" || key === "") return { reason: "the key is missing", fix: 'key: "api.limits"' };
  const bad = /[^-/_=.a-zA-Z0-9]/.exec(key);
  if (bad) {
    return {
      reason: `${JSON.stringify(key)} is no key: it contains ${JSON.stringify(bad[0])} (letters, digits and - / _ = . only)`,
      fix: `key: "${key.trim().replace(/[^-/_=.a-zA-Z0-9]+/g, "_")}"`,
    };
  }
  if (/^\.|\.$|\.\./.test(key)) {
    return {
      reason: `"${key}" is no key: there must be something before and after each "."`,
      fix: `key: "${key.replace(/\.{2,}/g, ".").replace(/^\.|\.$/g, "")}"`,
    };
  }
  const bytes = Buffer.byteLength(key);
  if (bytes > longestKey) return { reason: `the key has ${bytes} bytes; at most ${longestKey} are allowed` };
  return undefined;
}

/** A server ends the connection of whoever sends a subject that does not fit into max_control_line, 4096 bytes, with a reply's. */
const longestKey = 3000;

function ttlFault(ttl: unknown): Omit<Problem, "path"> | undefined {
  if (ttl === undefined || ttl === "never") return undefined;
  if (typeof ttl !== "string") return { reason: `${JSON.stringify(ttl)} is not a duration`, fix: 'ttl: "1h"' };
  try {
    const span = parseDuration(ttl);
    if (span < 1_000_000_000n) return { reason: `"${ttl}" is too short`, fix: 'at least "1s"' };
    if (span % 1_000_000_000n !== 0n) return { reason: `"${ttl}": servers keep times of keys in whole seconds` };
    return undefined;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return { reason: error.message, ...(error.fix ? { fix: `ttl: ${error.fix}` } : {}) };
  }
}
