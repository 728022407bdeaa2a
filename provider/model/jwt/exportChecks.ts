import type { Problem } from "../../errors";
import { isSubset } from "../names";
import type { AccountSettings, ExportSettings } from "./accountSettings";
import { subjectProblem } from "./permissionChecks";

/** What the server would refuse of an account's exports. */
export function exportProblems(exports: readonly ExportSettings[], account: Partial<AccountSettings>): Problem[] {
  const problems = exports.flatMap((one, index) =>
    entryProblems(one, `exports[${index}]`, account.wildcardExports ?? true),
  );
  if (problems.length > 0) return problems;
  for (const [index, one] of exports.entries()) {
    const wider = exports.findIndex(
      (other, at) =>
        at !== index &&
        (other.service ?? false) === (one.service ?? false) &&
        isSubset(one.subject, other.subject) &&
        (other.subject !== one.subject || at < index),
    );
    if (wider < 0) continue;
    const reason = `"${one.subject}" is exported already, by exports[${wider}] ("${exports[wider]!.subject}")`;
    problems.push({ path: `exports[${index}].subject`, reason, fix: "take one of the two out" });
  }
  return [...problems, ...countProblem("exports", exports.length, "maxExports", account.maxExports)];
}

export function countProblem(path: string, count: number, limit: string, most: number | undefined): Problem[] {
  if (most === undefined || most < 0 || count <= most) return [];
  return [{ path, reason: `there are ${count}, and ${limit} allows ${most}`, fix: `${limit}: ${count}` }];
}

export function hasWildcards(subject: string): boolean {
  return subject.split(".").some((token) => token === "*" || token === ">");
}

function entryProblems(one: ExportSettings, path: string, wildcards: boolean): Problem[] {
  const { subject, accountTokenPosition: position } = one;
  if (typeof subject !== "string")
    return [{ path: `${path}.subject`, reason: "there is no subject", fix: 'subject: "orders.>"' }];
  const problems = subjectProblem(`${path}.subject`, subject);
  if (!wildcards && hasWildcards(subject)) {
    problems.push({
      path: `${path}.subject`,
      reason: `"${subject}" has a wildcard, and the account may not export any`,
      fix: "wildcardExports: true",
    });
  }
  if (!one.service) {
    for (const key of ["responseType", "responseThreshold", "latency", "sampling", "allowTrace"] as const) {
      if (one[key] === undefined || one[key] === false) continue;
      problems.push({
        path: `${path}.${key}`,
        reason: "only a service has it, and this is a stream",
        fix: "service: true",
      });
    }
  }
  if (one.sampling !== undefined && one.latency === undefined) {
    problems.push({
      path: `${path}.sampling`,
      reason: "there is no subject for what is measured",
      fix: 'latency: "latency.orders"',
    });
  }
  if (one.latency !== undefined) {
    problems.push(...subjectProblem(`${path}.latency`, one.latency));
    if (hasWildcards(one.latency))
      problems.push({
        path: `${path}.latency`,
        reason: `"${one.latency}" has a wildcard, and measurements are published to it`,
      });
  }
  if (position !== undefined && position > 0) {
    const tokens = subject.split(".");
    if (tokens[position - 1] !== "*") {
      const star = tokens.indexOf("*") + 1;
      const found = tokens[position - 1];
      const reason = `token ${position} of "${subject}" is ${found === undefined ? "not there" : `"${found}"`}, and it must be "*"`;
      problems.push({
        path: `${path}.accountTokenPosition`,
        reason,
        ...(star > 0 ? { fix: `accountTokenPosition: ${star}` } : {}),
      });
    }
  }
  return problems;
}
