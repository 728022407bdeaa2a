import type { ConfValue } from "../../conf/value";
import type { Problem } from "../../errors";
import { formatSize, goDuration, parseDuration, parseSize, UnitError } from "../units";
import { nearest } from "./propertyName";
import type { Shape } from "./shape";

/** A plain value in one form, or undefined when the form does not take it. */
export function expandScalar(value: unknown, shape: Shape): ConfValue | undefined {
  switch (shape.is) {
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "int":
      return wholeNumber(value);
    case "text":
      return typeof value === "string" ? value : undefined;
    case "word":
      return typeof value === "string" && shape.words.includes(value) ? value : undefined;
    case "listen":
      return isListen(value) ? value : wholeNumber(value);
    case "percent":
      return typeof value === "string" && /^\d+%?$/.test(value) ? value : wholeNumber(value);
    case "size":
      return typeof value === "string" || value === -1 || value === 0 ? attempt(() => parseSize(value)) : undefined;
    case "duration":
      return typeof value === "string" ? attempt(() => goDuration(value)) : undefined;
    case "seconds":
      return typeof value === "string" ? attempt(() => seconds(parseDuration(value))) : undefined;
    default:
      return undefined;
  }
}

/** Why none of the forms takes the value, and what to type instead. Never shows the value of free text: it may be secret. */
export function shapeProblem(value: unknown, shapes: readonly Shape[], path: string): Problem {
  const name = path.replace(/^.*\./, "");
  for (const shape of shapes) {
    const fix =
      shape.is === "size" || shape.is === "duration" || shape.is === "seconds" ? unitFix(value, shape.is) : undefined;
    if (fix) return { path, ...fix };
  }
  const words = shapes.find((shape) => shape.is === "word");
  const wanted = shapes.map(describe).join(", or ");
  if (words && typeof value === "string") {
    const meant = words.words.find((word) => word === value.toLowerCase()) ?? nearest(value, words.words);
    return { path, reason: `"${value}" is not ${wanted}`, ...(meant ? { fix: `"${meant}"` } : {}) };
  }
  const fix = literalFix(value, shapes);
  return { path, reason: `${name} is ${kindOf(value)}, not ${wanted}`, ...(fix ? { fix } : {}) };
}

function unitFix(value: unknown, unit: "size" | "duration" | "seconds"): { reason: string; fix?: string } | undefined {
  if (typeof value === "number") {
    if (value < 0 && unit === "size") return { reason: `${value}: a size is wanted, or -1 where no limit is meant` };
    if (value < 0) return { reason: `${value}: a duration such as "30s" is wanted` };
    if (unit === "size") return { reason: `${value} has no unit`, fix: `"${sizeText(value)}"` };
    return { reason: `${value} has no unit`, fix: `"${value}s"` };
  }
  if (typeof value !== "string") return undefined;
  try {
    if (unit === "size") parseSize(value);
    else parseDuration(value);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return { reason: error.message, ...(error.fix ? { fix: error.fix } : {}) };
  }
}

function sizeText(bytes: number): string {
  return bytes > 0 && bytes % 1024 === 0 ? formatSize(BigInt(bytes)) : `${Math.trunc(bytes)}B`;
}

function literalFix(value: unknown, shapes: readonly Shape[]): string | undefined {
  for (const shape of shapes) {
    if (shape.is === "bool" && typeof value === "string" && /^(true|false)$/i.test(value)) return value.toLowerCase();
    if ((shape.is === "int" || shape.is === "listen") && typeof value === "string" && /^-?\d+$/.test(value))
      return value;
    if (shape.is === "text" && typeof value === "number") return `"${value}"`;
    if (shape.is === "list" && typeof value === "string" && shape.of[0]!.is === "text") return `["…"]`;
  }
  return undefined;
}

function describe(shape: Shape): string {
  switch (shape.is) {
    case "bool":
      return "true or false";
    case "int":
      return "a whole number";
    case "text":
      return "text";
    case "word":
      return shape.words.length > 12
        ? "one of the known names"
        : `one of ${shape.words.map((word) => `"${word}"`).join(", ")}`;
    case "listen":
      return 'a port or "host:port"';
    case "percent":
      return 'a whole number or "50%"';
    case "size":
      return 'a size such as "10GiB"';
    case "duration":
    case "seconds":
      return 'a duration such as "30s"';
    case "block":
      return "an object";
    case "list":
      return "a list";
    case "map":
      return "an object by name";
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function isListen(value: unknown): value is string {
  return typeof value === "string" && /:[+-]?\d+$/.test(value);
}

/** Seconds as the server's number: whole ones as int64. */
function seconds(nanoseconds: bigint): ConfValue {
  return nanoseconds % 1_000_000_000n === 0n ? nanoseconds / 1_000_000_000n : Number(nanoseconds) / 1e9;
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof UnitError) return undefined;
    throw error;
  }
}
