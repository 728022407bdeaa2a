import type { Problem } from "../errors";
import { milliseconds, parseDuration, shortDuration, UnitError } from "./units";

/** How long a certificate is valid and when it is renewed, both durations. */
export interface TermInputs {
  readonly validity: string;
  readonly renewBefore: string;
}

/** Clocks of other machines may be late. */
const backdated = 5 * 60_000;
/** X.509 can't tell what lies beyond the year 9999; a hundred years keep well away from it. */
const longest = 100 * 365 * 86_400_000;

/** `renewBefore` of a program that names none: a third of the validity, and at most the given limit. */
export function defaultRenewBefore(validity: string, limit: string): string {
  const third = milliseconds(validity) / 3;
  return third >= milliseconds(limit) ? limit : shortDuration(BigInt(Math.floor(third / 1000)) * 1_000_000_000n);
}

export function termProblems(term: { readonly validity?: string; readonly renewBefore?: string }): Problem[] {
  const [validity, renewBefore] = (["validity", "renewBefore"] as const).map((path) => readDuration(term[path], path));
  const problems = [validity, renewBefore].flatMap((read) => (read?.problem ? [read.problem] : []));
  const span = validity?.value;
  if (span !== undefined && (span < 1000 || span > longest)) {
    problems.push({
      path: "validity",
      reason: `"${term.validity}": 1 second to 100 years is wanted`,
      fix: 'validity: "90d"',
    });
  }
  const before = renewBefore?.value;
  if (before !== undefined && before < 0) {
    problems.push({ path: "renewBefore", reason: `"${term.renewBefore}" is negative`, fix: 'renewBefore: "30d"' });
  } else if (span !== undefined && before !== undefined && before >= span) {
    const reason = `"${term.renewBefore}" is not shorter than the validity "${term.validity}", so every \`pulumi up\` would renew`;
    problems.push({
      path: "renewBefore",
      reason,
      fix: `renewBefore: "${shortDuration(BigInt(Math.ceil(span / 3000)) * 1_000_000_000n)}"`,
    });
  }
  return problems;
}

/** The span of a certificate that is issued now; it never outlives its issuer. */
export function newTerm(validity: string, now: Date, issuerEnds?: Date): { notBefore: Date; notAfter: Date } {
  const ends = now.getTime() + milliseconds(validity);
  const notAfter = new Date(Math.min(ends, issuerEnds?.getTime() ?? ends));
  notAfter.setMilliseconds(0);
  return { notBefore: new Date(Math.floor((now.getTime() - backdated) / 1000) * 1000), notAfter };
}

/** True where the certificate ends soon and a new one would end later, which its issuer's own end may prevent. */
export function isRenewalDue(notAfter: Date, term: TermInputs, now: Date, issuerEnds?: Date): boolean {
  const due = notAfter.getTime() - milliseconds(term.renewBefore) <= now.getTime();
  return due && (issuerEnds === undefined || issuerEnds.getTime() > notAfter.getTime());
}

export function sameDuration(one: string, other: string): boolean {
  return one === other || parseDuration(one) === parseDuration(other);
}

function readDuration(text: string | undefined, path: string): { value?: number; problem?: Problem } {
  if (text === undefined) return {};
  try {
    return { value: milliseconds(text) };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    const years = /^(\d+)\s*y(ears?)?$/.exec(text.trim());
    const fix = years ? `"${Number(years[1]) * 365}d"` : error.fix;
    return { problem: { path, reason: error.message, ...(fix ? { fix: `${path}: ${fix}` } : {}) } };
  }
}
