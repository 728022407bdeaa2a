import type { Problem } from "../../errors";
import { parseDuration, UnitError } from "../units";

/** From or until when claims are valid: a date, or a span from when they were issued. */
export type Term = { readonly at: number } | { readonly after: (issuedAt: number) => number };

/** Reads "90d", "12h", "2M" (months), "1y", "2027-01-31", "2027-01-31T12:00:00Z"; "0" and nothing are always. Seconds. */
export function readTerm(path: string, text: unknown, problems: Problem[]): Term | undefined {
  if (text === undefined || text === "0" || text === "" || text === 0) return undefined;
  const fix = `${path}: "90d", or "2027-01-31"`;
  if (typeof text !== "string") {
    problems.push({ path, reason: `${JSON.stringify(text)} is neither a time nor a time span`, fix });
    return undefined;
  }
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return { at: Math.floor(time / 1000) };
    problems.push({ path, reason: `"${text}" is no date`, fix });
    return undefined;
  }
  const [, count, unit] = /^(\d+)([My])$/.exec(text) ?? [];
  if (count !== undefined) return { after: (from) => addMonths(from, Number(count) * (unit === "y" ? 12 : 1)) };
  try {
    const span = Number(parseDuration(text) / 1_000_000_000n);
    if (span > 0) return { after: (from) => from + span };
    problems.push({ path, reason: `"${text}" is over as soon as it begins`, fix });
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    problems.push({ path, reason: error.message, fix: error.fix ? `${path}: ${error.fix}` : fix });
  }
  return undefined;
}

export function timeOf(term: Term | undefined, issuedAt: number): number | undefined {
  if (term === undefined) return undefined;
  return "at" in term ? term.at : term.after(issuedAt);
}

/** Seconds as RFC 3339 writes them. */
export function dateText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function addMonths(seconds: number, months: number): number {
  const date = new Date(seconds * 1000);
  date.setUTCMonth(date.getUTCMonth() + months);
  return Math.floor(date.getTime() / 1000);
}
