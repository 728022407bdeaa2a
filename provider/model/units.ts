/**
 * A time span as a Go duration: `"500ms"`, `"30s"`, `"5m"`, `"1h30m"`; also days and weeks (`"90d"`, `"2w"`), which are
 * written to servers as hours. Units: ns, us, ms, s, m, h, d, w. A number without a unit is not a duration.
 */
export type Duration = TextWithUnit<"24h">;

/**
 * A number of bytes: `"10GiB"`, `"512MB"`, `"1024"`; `-1` (or `"-1"`) where unlimited is allowed. KB, MB, GB, TB, PB, EB and
 * KiB … EiB are powers of 1024, exactly as nats-server reads them; K, M, G, T, P, E are powers of 1000.
 */
export type Size = TextWithUnit<"10GiB"> | -1;

/** Any text. Where a number stands in its place, the compiler's error shows this name with an example of what is wanted. */
export type TextWithUnit<Example extends string> = string & { readonly likeThis?: Example };

/** A unit or a value that could not be read; `fix` is what to type instead, where one can tell. */
export class UnitError extends Error {
  override readonly name = "UnitError";
  readonly fix: string | undefined;
  constructor(reason: string, fix?: string) {
    super(reason);
    this.fix = fix;
  }
}

const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};
const goUnits = new Set(["ns", "us", "µs", "μs", "ms", "s", "m", "h"]);
const int64Limit = 2n ** 63n;

/** Nanoseconds of a duration. Throws UnitError. */
export function parseDuration(text: string): bigint {
  return parseWith(text, (unit) => unit in nanoseconds);
}

/** Whole milliseconds of a duration. Throws UnitError. */
export function milliseconds(text: string): number {
  return Number(parseDuration(text) / nanoseconds["ms"]!);
}

/** Nanoseconds of a duration as Go's time.ParseDuration reads it: no days, no weeks. Throws UnitError. */
export function parseGoDuration(text: string): bigint {
  return parseWith(text, (unit) => goUnits.has(unit));
}

/** The duration as Go prints it: "1h30m0s", "500ms", "0s". */
export function formatDuration(value: bigint): string {
  if (value === 0n) return "0s";
  const sign = value < 0n ? "-" : "";
  const span = value < 0n ? -value : value;
  if (span < 1_000n) return `${sign}${span}ns`;
  if (span < 1_000_000n) return `${sign}${decimal(span, 1_000n)}µs`;
  if (span < 1_000_000_000n) return `${sign}${decimal(span, 1_000_000n)}ms`;
  const hours = span / nanoseconds["h"]!;
  const minutes = (span % nanoseconds["h"]!) / nanoseconds["m"]!;
  const seconds = decimal(span % nanoseconds["m"]!, nanoseconds["s"]!);
  return `${sign}${hours > 0n ? `${hours}h` : ""}${hours > 0n || minutes > 0n ? `${minutes}m` : ""}${seconds}s`;
}

/** The shortest usual spelling: "5m" where Go prints "5m0s", "36h" where it prints "36h0m0s". */
export function shortDuration(value: bigint): string {
  return formatDuration(value)
    .replace(/(?<=[hm])0s$/, "")
    .replace(/(?<=h)0m$/, "");
}

/** What a server reads: text that is a Go duration already stays as it is, days and weeks become hours. Throws UnitError. */
export function goDuration(text: string): string {
  const value = parseDuration(text);
  return /[dw]/.test(text) ? shortDuration(value) : text;
}

/** Bytes. Throws UnitError. */
export function parseSize(value: string | number | bigint): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw new UnitError(`${value} is not a whole number of bytes`, `"${Math.trunc(value)}"`);
  }
  const match = /^\s*(-?\d+)\s*(?:([kmgtpe])(i?b|i)?|b)?\s*$/i.exec(value);
  if (!match) throw sizeError(value);
  const [, digits, prefix, suffix] = match;
  const power = prefix ? BigInt("kmgtpe".indexOf(prefix.toLowerCase()) + 1) : 0n;
  const bytes = BigInt(digits!) * (suffix ? 1024n : 1000n) ** power;
  if (bytes >= int64Limit || bytes < -int64Limit) throw new UnitError(`"${value}" is more than 8 EiB`);
  return bytes;
}

/** The exact number of bytes in the largest unit that divides it: "10GiB", "1536KiB", "1000"; -1 for unlimited. */
export function formatSize(bytes: bigint): string {
  if (bytes === 0n || bytes < 0n) return bytes.toString();
  const units = ["", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let index = 0;
  let rest = bytes;
  while (index < units.length - 1 && rest % 1024n === 0n) {
    rest /= 1024n;
    index++;
  }
  return `${rest}${units[index]}`;
}

function parseWith(text: string, isUnit: (unit: string) => boolean): bigint {
  const negative = text.startsWith("-");
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return 0n;
  const pattern = /(\d*)(?:\.(\d*))?([^\d.]+)/y;
  let total = 0n;
  let position = 0;
  while (position < body.length) {
    pattern.lastIndex = position;
    const match = pattern.exec(body);
    if (!match || (match[1] === "" && !match[2]) || !isUnit(match[3]!)) throw durationError(text, isUnit);
    const [whole, fraction = "", unit] = [match[1]!, match[2], match[3]!];
    const scale = nanoseconds[unit]!;
    total += BigInt(whole || "0") * scale;
    if (fraction !== "") total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    position = pattern.lastIndex;
  }
  if (body === "") throw durationError(text, isUnit);
  const value = negative ? -total : total;
  if (total > int64Limit || (!negative && total === int64Limit))
    throw new UnitError(`"${text}" is longer than 292 years`);
  return value;
}

/** What a number without its unit may mean: only its writer knows. */
export function withUnits(number: string): string {
  return `"${number}s", "${number}m" or "${number}h"`;
}

function durationError(text: string, isUnit: (unit: string) => boolean): UnitError {
  const trimmed = text.trim();
  if (/^[+-]?\d+(\.\d+)?$/.test(trimmed)) return new UnitError(`"${text}" has no unit`, withUnits(trimmed));
  const spaced = trimmed.replace(/\s+/g, "").toLowerCase();
  const words = spaced
    .replace(/(?<=\d)(seconds?|secs?)/g, "s")
    .replace(/(?<=\d)(minutes?|mins?)/g, "m")
    .replace(/(?<=\d)(hours?|hrs?)/g, "h")
    .replace(/(?<=\d)(weeks?)/g, "w")
    .replace(/(?<=\d)(days?)/g, "d");
  const days = /^(\d+)([dw])$/.exec(words);
  if (days && !isUnit("d"))
    return new UnitError(
      `"${text}" is not a duration that nats-server reads: its largest unit is h`,
      `"${shortDuration(BigInt(days[1]!) * nanoseconds[days[2]!]!)}"`,
    );
  const fixed = /^([+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/.test(words) || (/^\d+[dw]$/.test(words) && isUnit("d"));
  return new UnitError(
    `${JSON.stringify(text)} is not a duration (units: ns, us, ms, s, m, h${isUnit("d") ? ", d, w" : ""})`,
    fixed ? `"${words}"` : undefined,
  );
}

function sizeError(value: string): UnitError {
  const guess = /^\s*(\d+)(?:\.(\d+))?\s*(k|m|g|t|p|e)[a-z]*\s*$/i.exec(value);
  const reason = `${JSON.stringify(value)} is not a size (units: KiB, MiB, GiB, TiB)`;
  if (!guess) return new UnitError(reason);
  const [, whole, fraction, unit] = guess;
  const units = "KMGTPE";
  const upper = unit!.toUpperCase();
  if (!fraction) return new UnitError(reason, `"${whole}${upper}iB"`);
  const smaller = Math.round(Number(`${whole}.${fraction}`) * 1024);
  const below = units[units.indexOf(upper) - 1];
  return new UnitError(`${reason}, a whole number`, `"${smaller}${below ? `${below}iB` : ""}"`);
}

function decimal(value: bigint, scale: bigint): string {
  const fraction = (value % scale)
    .toString()
    .padStart(scale.toString().length - 1, "0")
    .replace(/0+$/, "");
  return `${value / scale}${fraction === "" ? "" : `.${fraction}`}`;
}
