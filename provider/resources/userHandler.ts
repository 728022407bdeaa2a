import type { CallContext, ChangeKind, Checked, Diff, Handler } from "../host/handler";
import { hasUnknown, isUnknown } from "../host/handler";
import type { Problem } from "../errors";
import { nkeyKind } from "../model/config/check/nkeyKind";
import { publicKeyOf } from "../model/jwt/nkeys";
import { keyProblems } from "../model/jwt/signingKeyChecks";
import { expandUser, flattenUser } from "../model/jwt/userClaims";
import { userProblems } from "../model/jwt/userChecks";
import type { UserSettings } from "../model/jwt/userSettings";
import { kindOf } from "./assetDiff";
import { settingChanges } from "./settingChanges";
import { givenInputs } from "./givenInputs";
import { newSeed, nextIssue, now, renewal } from "./jwtIssue";
import { notImportable } from "./notImportable";
import { inputsOf, issueUser, keyPair, settingsOf } from "./userState";
import type { UserInputs, UserState } from "./userState";
import { revokeUser } from "./userRevoke";

export const userHandler: Handler<UserInputs, UserState> = {
  kind: "User",
  schema: 1,
  mixed: ["authority"],

  async check(_context, _olds, news): Promise<Checked<UserInputs>> {
    const inputs = givenInputs(news);
    const sure = Object.fromEntries(
      Object.entries(inputs).filter(([, value]) => !hasUnknown(value)),
    ) as Partial<UserInputs>;
    return { inputs, problems: [...userProblems(settingsOf(sure), inputs.role, now()), ...ownKeyProblems(sure)] };
  },

  async diff(_context, _id, olds, news) {
    return diffUser(olds, withKnownKeys(olds, news));
  },

  async create(_context, inputs) {
    const own = inputs.key === undefined ? freshKey() : keyPair(inputs.key);
    const state = issueUser(inputs, own, now());
    return { id: own.publicKey, state };
  },

  async read(_context, id, state) {
    if (!state) throw notImportable("User", id, "no server knows of it", 'key: "SU…" in place of import');
    return { inputs: inputsOf(state), state };
  },

  async update(_context, _id, olds, news) {
    const { changes } = diffUser(olds, news);
    const own = news.key === undefined ? olds : keyPair(news.key);
    // Where nothing of the JWT changes (such as how it is revoked), clients keep it.
    const silent = ["authority", "keyring"];
    const isSilent = Object.keys(changes).every((path) => silent.includes(path));
    return issueUser(
      news,
      { publicKey: olds.publicKey, seed: own.seed ?? olds.seed },
      isSilent ? olds.issuedAt : nextIssue(olds.issuedAt),
    );
  },

  async delete(context: CallContext, _id, state) {
    await revokeUser(context, state);
  },
};

function freshKey(): { publicKey: string; seed: string } {
  const seed = newSeed("user");
  return { publicKey: publicKeyOf(seed), seed };
}

function ownKeyProblems({ key, signingKey, account, role }: Partial<UserInputs>): Problem[] {
  const problems = key === undefined ? [] : keyProblems("key", key, "user");
  if (account !== undefined && nkeyKind(account) !== "account") {
    problems.push({
      path: "account",
      reason: `"${account}" is not an account's public key (A…)`,
      fix: "account: payments (the nats.Account)",
    });
  }
  if (signingKey !== undefined) {
    if (signingKey === "" && role !== undefined) {
      problems.push({
        path: "role",
        reason: `the account has no signing key with the role "${role}"`,
        fix: `sk: [{ role: "${role}", … }] of the account`,
      });
    } else if (signingKey === "") {
      problems.push({
        path: "account",
        reason: "there is no seed of the account that could issue the user",
        fix: 'sk: "generate" of the account',
      });
    } else problems.push(...keyProblems("account.signingKey", signingKey, "account", false));
  }
  return problems;
}

/** Keys that are unknown only because something else of the account changes are what they were. */
function withKnownKeys(olds: UserState, news: UserInputs): UserInputs {
  if (news.keyring === undefined || news.keyring !== olds.keyring || news.role !== olds.role) return news;
  return {
    ...news,
    ...(isUnknown(news.account) ? { account: olds.account } : {}),
    ...(isUnknown(news.signingKey) ? { signingKey: olds.signingKey } : {}),
  };
}

function diffUser(olds: UserState, news: UserInputs): Diff {
  const changes: Record<string, ChangeKind> = settingChanges(settingsOf(olds), settingsOf(news), settled);
  if (news.role !== olds.role) changes["role"] = kindOf(olds.role, news.role, false);
  if (isUnknown(news.signingKey) || publicKeyOf(news.signingKey) !== publicKeyOf(olds.signingKey))
    changes["signingKey"] = "update";
  const isReissued = Object.keys(changes).length > 0;
  if (isKnownOther(olds.keyring, news.keyring)) changes["keyring"] = kindOf(olds.keyring, news.keyring, false);
  if (news.account !== olds.account) changes["account"] = "update-replace";
  if (news.key !== undefined && news.key !== olds.key) {
    const isSame = !isUnknown(news.key) && keyPair(news.key).publicKey === olds.publicKey;
    changes["key"] = kindOf(olds.key, news.key, !isSame);
  }
  // In a preview of the account's own change it is not known, and what it is for is known when it is needed.
  if (!hasUnknown(news.authority) && JSON.stringify(news.authority) !== JSON.stringify(olds.authority)) {
    changes["authority"] = kindOf(olds.authority, news.authority, false);
  }
  const due = renewal(news.expiry, olds.issuedAt);
  const notes = [...(due.notes ?? [])];
  if (Object.values(changes).some((kind) => kind.endsWith("-replace"))) {
    const anew = news.key === undefined ? "it is made anew, with another key" : "it is made anew";
    const end = olds.authority ? "end with the old user" : "stay valid until they expire";
    const message = `${anew}: clients need the new creds, and the old ones ${end}`;
    notes.push({ severity: "warning" as const, message });
  } else if (isReissued) {
    const message =
      "a new JWT for the same key: clients keep what the old one allows until they connect with the new creds, and the old creds stay valid";
    notes.push({ severity: "info" as const, message });
  }
  return { changes: { ...due.changes, ...changes }, notes };
}

/** Kept with the state, so that the next preview tells by it that the keys stay. */
function isKnownOther(before: string | undefined, after: string | undefined): boolean {
  return after !== undefined && !isUnknown(after) && after !== before;
}

/** Settings in one spelling. */
function settled({ name, expiry, start, ...rest }: UserSettings): Record<string, unknown> {
  return { ...flattenUser(expandUser(rest, [])), name, ...givenInputs({ expiry, start }) };
}
