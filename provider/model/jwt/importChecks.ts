import type { Problem } from "../../errors";
import { nkeyKind } from "../config/check/nkeyKind";
import { mappingProblem, unmarkWildcards } from "../config/check/subjects";
import { isSubset } from "../names";
import type { AccountSettings, ExportSettings, ImportSettings } from "./accountSettings";
import { countProblem } from "./exportChecks";
import { subjectProblem } from "./permissionChecks";

/** What the server would refuse of an account's imports. */
export function importProblems(imports: readonly ImportSettings[], account: Partial<AccountSettings>): Problem[] {
  const problems = imports.flatMap((one, index) => entryProblems(one, `imports[${index}]`));
  if (problems.length > 0) return problems;
  const services = imports.map((one, index) => ({ index, one, local: localOf(one) })).filter(({ one }) => one.service);
  for (const { index, one, local } of services) {
    const other = services.find(
      (earlier) =>
        earlier.index < index &&
        earlier.one.srcAccount === one.srcAccount &&
        (isSubset(local, earlier.local) || isSubset(earlier.local, local)),
    );
    if (!other) continue;
    const reason = `"${local}" overlaps with "${other.local}" of imports[${other.index}]: a request could go to both`;
    problems.push({ path: `imports[${index}].localSubject`, reason, fix: `localSubject: "other.${local}"` });
  }
  return [...problems, ...countProblem("imports", imports.length, "maxImports", account.maxImports)];
}

/** Imports that no export matches, where the exports of the other account are known, by its public key. */
export function unmatchedImports(
  imports: readonly ImportSettings[],
  exportsOf: Readonly<Record<string, readonly ExportSettings[]>>,
): Problem[] {
  return imports.flatMap((one, index): Problem[] => {
    const exports = exportsOf[one.srcAccount];
    if (exports === undefined) return [];
    const kind = one.service ? "service" : "stream";
    const found = exports.find(
      (offer) => (offer.service ?? false) === (one.service ?? false) && isSubset(one.remoteSubject, offer.subject),
    );
    if (found === undefined) {
      const offers = exports.map((offer) => `${offer.service ? "service" : "stream"} "${offer.subject}"`);
      const reason = `no export of that account matches ${kind} "${one.remoteSubject}"; it has ${offers.join(", ") || "none"}`;
      const fix = `exports: [{ subject: "${one.remoteSubject}"${one.service ? ", service: true" : ""} }] there`;
      return [{ path: `imports[${index}].remoteSubject`, reason, fix }];
    }
    if (!found.private || one.token !== undefined) return [];
    const reason = `the export "${found.subject}" is private: an activation token of that account is wanted`;
    return [{ path: `imports[${index}].token`, reason, fix: "token: …, or an export that is not private" }];
  });
}

function entryProblems(one: ImportSettings, path: string): Problem[] {
  const problems: Problem[] = [];
  if (typeof one.srcAccount !== "string" || nkeyKind(one.srcAccount) !== "account") {
    const reason = `${JSON.stringify(one.srcAccount)} is not an account's public key (A…)`;
    problems.push({
      path: `${path}.srcAccount`,
      reason,
      fix: "srcAccount: payments (the nats.Account), or its publicKey",
    });
  }
  if (typeof one.remoteSubject !== "string") {
    return [
      ...problems,
      { path: `${path}.remoteSubject`, reason: "there is no subject", fix: 'remoteSubject: "orders.>"' },
    ];
  }
  problems.push(...subjectProblem(`${path}.remoteSubject`, one.remoteSubject));
  if (one.localSubject !== undefined && problems.length === 0) {
    const fault = mappingProblem(
      one.remoteSubject,
      one.localSubject.replaceAll(/(?<=^|\.)\*(?=\.|$)/g, markers()),
      true,
    );
    if (fault !== undefined) problems.push({ path: `${path}.localSubject`, reason: fault });
  }
  if (one.share && !one.service)
    problems.push({ path: `${path}.share`, reason: "only of a service something can be shared", fix: "service: true" });
  if (one.allowTrace && one.service)
    problems.push({
      path: `${path}.allowTrace`,
      reason: "only a stream's import can allow it",
      fix: "allowTrace on the service's export",
    });
  return problems;
}

/** A plain "*" stands for the wildcards in their order. */
function markers(): () => string {
  let count = 0;
  return () => `$${++count}`;
}

function localOf(one: ImportSettings): string {
  return unmarkWildcards(one.localSubject ?? one.remoteSubject);
}
