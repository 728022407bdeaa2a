import type { Problem } from "../errors";
import { isError } from "../errors";
import type { CallContext, Checked } from "../host/handler";
import { hasUnknown } from "../host/handler";
import { ConnectError } from "../apply/connectError";
import { distrust, reachClaims } from "../apply/claimsTrust";
import { nkeyKind } from "../model/config/check/nkeyKind";
import { sameJson } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { accountClaims } from "../model/jwt/accountClaims";
import { accountProblems } from "../model/jwt/accountChecks";
import { unmatchedImports } from "../model/jwt/importChecks";
import { publicKeyOf } from "../model/jwt/nkeys";
import { keyProblems, signingKeyProblems } from "../model/jwt/signingKeyChecks";
import { signingKeyEntries } from "../model/jwt/signingKeys";
import { jetStreamLack, usesJetStream } from "./accountPush";
import { settingsOf } from "./accountState";
import type { AccountInputs, AccountState } from "./accountState";
import { givenInputs } from "./givenInputs";
import { now } from "./jwtIssue";

/** All problems at once: of the settings and the keys, then, where clusters can be asked, whether they would take the account. */
export async function checkAccount(
  _context: CallContext,
  olds: AccountState | undefined,
  news: AccountInputs,
): Promise<Checked<AccountInputs>> {
  const { exportsOf, ...inputs } = givenInputs(news);
  const sure = Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => !hasUnknown(value)),
  ) as Partial<AccountInputs>;
  const problems = [...accountProblems(settingsOf(sure as AccountInputs), now()), ...ownKeyProblems(sure)];
  if (sure.imports && exportsOf && !problems.some(isError)) {
    const known = Object.entries(exportsOf).filter(([, exports]) => !hasUnknown(exports));
    problems.push(...unmatchedImports(sure.imports, Object.fromEntries(known)));
  }
  if (problems.some(isError)) return { inputs, problems };
  // What stays as it is was taken already.
  if (olds === undefined || !sameJson(concerns(olds), concerns(inputs)))
    problems.push(...(await clusterProblems(sure, olds === undefined)));
  return { inputs, problems };
}

/** What a cluster may refuse. The engine hands a check the inputs of before, and no state: what claims were issued it can't see. */
function concerns(inputs: AccountInputs): JsonObject {
  const { operatorKey, servers } = inputs;
  return JSON.parse(JSON.stringify({ ...settingsOf(inputs), operatorKey, servers })) as JsonObject;
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
  if (servers?.some((one) => typeof one !== "object" || (one as unknown) === null)) {
    const reason = "a cluster says nothing of how accounts get onto its servers";
    return [...problems, { path: "clusters", reason, fix: "cluster: east (the nats.Cluster or nats.SuperCluster)" }];
  }
  const names = (servers ?? []).map(({ cluster }) => cluster);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    problems.push({ path: "clusters", reason: `cluster "${twice}" is given twice`, fix: "take one out" });
  return problems;
}

const anybody = { publicKey: "", signingKeys: [], revocations: {} };

/**
 * Why a cluster as it runs now would not take the claims. A new account's may not be there yet, and one of the same program may change
 * before the account does, so that only what no change of a cluster mends is an error.
 */
async function clusterProblems(inputs: Partial<AccountInputs>, isNew: boolean): Promise<Problem[]> {
  const { operatorKey, servers } = inputs;
  if (operatorKey === undefined || servers === undefined) return [];
  const { nats } = accountClaims(settingsOf(inputs as AccountInputs), anybody, 0);
  const wantsJetStream = usesJetStream(nats);
  const found = await Promise.all(
    servers.map(async (one): Promise<Problem[]> => {
      try {
        const claims = await reachClaims(one, "2s");
        const reason = await distrust(claims, publicKeyOf(operatorKey));
        if (reason !== undefined) return [{ path: "operator", reason, ...(isNew ? {} : { severity: "warning" }) }];
        const lack = wantsJetStream ? await jetStreamLack(claims, inputs.name ?? "", nats) : undefined;
        return lack === undefined ? [] : [{ ...lack, severity: "warning" }];
      } catch (error) {
        if (isNew && error instanceof ConnectError && error.isNobodyThere) return [];
        const { message } = error as Error;
        return [
          { path: "clusters", reason: `not checked with cluster "${one.cluster}": ${message}`, severity: "warning" },
        ];
      }
    }),
  );
  return found.flat();
}
