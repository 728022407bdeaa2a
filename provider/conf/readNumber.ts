export type IntegerReading =
  | { readonly kind: "value"; readonly value: bigint; readonly overflows: boolean }
  | { readonly kind: "notDecimal" | "beyond64Bits" | "unknownSuffix" };

const units = "kmgtpe";

/** A whole number with a size behind it, such as `10`, `-3k` or `1GiB`; the product wraps around in 64 bits as the server's does. */
export function readInteger(text: string): IntegerReading {
  const [, digits, suffix] = /^(-?[0-9]+)([a-z]*)$/i.exec(text) ?? [];
  if (digits === undefined || suffix === undefined) return { kind: "notDecimal" };
  const value = BigInt(digits);
  if (value !== BigInt.asIntN(64, value)) return { kind: "beyond64Bits" };
  const factor = factorOf(suffix.toLowerCase());
  if (factor === undefined) return { kind: "unknownSuffix" };
  const product = BigInt.asIntN(64, value * factor);
  return { kind: "value", value: product, overflows: product !== value * factor };
}

function factorOf(suffix: string): bigint | undefined {
  if (suffix === "") return 1n;
  const exponent = BigInt(units.indexOf(suffix[0]!) + 1);
  const kind = suffix.slice(1);
  if (kind === "") return 1000n ** exponent;
  return ["b", "i", "ib"].includes(kind) ? 1024n ** exponent : undefined;
}

/** A number with a point, or nothing when it has other digits than 0–9 or no float64 holds it. */
export function readFloat(text: string): number | undefined {
  const value = /^-?[0-9]+\.[0-9]+$/.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** `2026-01-31T12:00:00Z`, or nothing when there is no such day or time. */
export function readDate(text: string): Date | undefined {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text.replace("Z", ".000Z") ? date : undefined;
}
