import type { Problem } from "../errors";
import { isError } from "../errors";
import type { CallContext, Checked } from "../host/handler";
import { hasUnknown } from "../host/handler";
import { distrust, reachClaims } from "../apply/claimsTrust";
import { nkeyKind } from "../model/config/check/nkeyKind";
import { accountProblems } from "../model/jwt/accountChecks";
import { unmatchedImports } from "../model/jwt/importChecks";
import { publicKeyOf } from "../model/jwt/nkeys";
import { keyProblems, signingKeyProblems } from "../model/jwt/signingKeyChecks";
import { signingKeyEntries } from "../model/jwt/signingKeys";
import { settingsOf } from "./accountState";
import type { AccountInputs, AccountState } from "./accountState";
import { given, now } from "./jwtIssue";

/** All problems at once: of the settings and the keys, then, where clusters can be asked, whether they would take the account. */
export async function checkAccount(
  _context: CallContext,
  olds: AccountState | undefined,
  news: AccountInputs,
): Promise<Checked<AccountInputs>> {
  const { exportsOf, ...inputs } = given(news);
  const sure = Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => !hasUnknown(value)),
  ) as Partial<AccountInputs>;
  const problems = [...accountProblems(settingsOf(sure as AccountInputs), now()), ...ownKeyProblems(sure)];
  if (sure.imports && exportsOf && !problems.some(isError)) {
    const known = Object.entries(exportsOf).filter(([, exports]) => !hasUnknown(exports));
    problems.push(...unmatchedImports(sure.imports, Object.fromEntries(known)));
  }
  if (olds === undefined && !problems.some(isError)) problems.push(...(await clusterProblems(sure)));
  return { inputs, problems };
}

function ownKeyProblems({ key, sk, operator, operatorKey, servers }: Partial<AccountInputs>): Problem[] {
  const problems = [
    ...signingKeyProblems(sk, "account"),
    ...(key === undefined ? [] : keyProblems("key", key, "account")),
  ];
  if (operatorKey !== undefined) problems.push(...keyProblems("operator.signingKey", operatorKey, "operator", false));
  if (operator !== undefined && nkeyKind(operator) !== "operator") {
    problems.push({ path: "operator.publicKey", reason: `"${operator}" is not an operator's public key (O…)` });
  }
  const isPublic = key !== undefined && nkeyKind(key.trim()) === "account";
  const held = signingKeyEntries(sk).some(
    (entry) => typeof entry !== "string" || entry === "generate" || entry.startsWith("S"),
  );
  if (isPublic && !held) {
    const reason = "with the public key alone and no signing key of its own, nobody here could issue users";
    problems.push({ path: "sk", reason, fix: 'sk: "generate"', severity: "warning" });
  }
  const names = (servers ?? []).map(({ cluster }) => cluster);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    problems.push({ path: "clusters", reason: `cluster "${twice}" is given twice`, fix: "take one out" });
  return problems;
}

/** Only for a new account: what exists is asked when it is changed. A cluster of the same program may not be there yet. */
async function clusterProblems({ operatorKey, servers }: Partial<AccountInputs>): Promise<Problem[]> {
  if (operatorKey === undefined || servers === undefined) return [];
  const found = await Promise.all(
    servers.map(async (one): Promise<Problem[]> => {
      try {
        const claims = await reachClaims(one, "2s");
        const reason = await distrust(claims, publicKeyOf(operatorKey));
        return reason === undefined ? [] : [{ path: "operator", reason }];
      } catch (error) {
        const { message } = error as Error;
        if (/refused|ENOTFOUND|\(DNS\)/i.test(message)) return [];
        return [
          { path: "clusters", reason: `not checked with cluster "${one.cluster}": ${message}`, severity: "warning" },
        ];
      }
    }),
  );
  return found.flat();
}
