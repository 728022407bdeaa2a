import { NatsError } from "../errors";
import type { Reference } from "./value";

/** A value that is neither a list nor a map, as every server reads it back. */
export function writeScalar(value: string | bigint | number | boolean | Date | Reference): string {
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "bigint":
      return writeInteger(value);
    case "number":
      return writeFloat(value);
    case "boolean":
      return String(value);
    default:
      return value instanceof Date ? writeDate(value) : writeReference(value);
  }
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\0": "\\x00",
};

function writeString(text: string): string {
  const escaped = text.replace(/[\\"\n\r\t\x00]/g, (character) => escapes[character]!);
  return `"${hasLoneSurrogate(escaped) ? escapeBytes(escaped) : escaped}"`;
}

export function hasLoneSurrogate(text: string): boolean {
  return /[\ud800-\udfff]/u.test(text);
}

/** A lone U+DC80…U+DCFF stands for a byte that is no UTF-8; no other lone surrogate stands for anything. */
function escapeBytes(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, (surrogate) => {
    const code = surrogate.charCodeAt(0);
    if (code < 0xdc80 || code > 0xdcff) {
      throw new NatsError("nats.conf can't have a text with a lone surrogate. Fix: well-formed Unicode");
    }
    return `\\x${(code - 0xdc00).toString(16)}`;
  });
}

function writeInteger(value: bigint): string {
  if (value === BigInt.asIntN(64, value)) return String(value);
  throw new NatsError(
    `nats.conf can't have the number ${value}: it is beyond 64 bits. Fix: ${-(2n ** 63n)} to ${2n ** 63n - 1n}`,
  );
}

/** With a point and without an exponent, which the language does not have. */
function writeFloat(value: number): string {
  if (!Number.isFinite(value)) throw new NatsError(`nats.conf can't have the number ${value}. Fix: a finite number`);
  const [, digits, exponent] = /^([^e]*)(?:e(.*))?$/.exec(String(Math.abs(value)))!;
  const [whole, fraction = ""] = digits!.split(".");
  const shift = Number(exponent ?? 0);
  const all = `${"0".repeat(Math.max(0, -shift))}${whole}${fraction}${"0".repeat(Math.max(0, shift - fraction.length))}`;
  const point = Math.max(0, -shift) + whole!.length + shift;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return `${sign}${all.slice(0, point)}.${all.slice(point) || "0"}`;
}

function writeDate(value: Date): string {
  const text = Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (/^\d{4}-.*\.000Z$/.test(text)) return text.replace(".000Z", "Z");
  const seen = text || "an invalid date";
  throw new NatsError(`nats.conf can't have the date ${seen}. Fix: whole seconds in the years 0000 to 9999`);
}

function writeReference({ variable }: Reference): string {
  if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(variable)) return `$${variable}`;
  throw new NatsError(
    `$${variable} is no variable of nats.conf. Fix: letters, digits, "_" and "-", a letter or "_" first`,
  );
}
