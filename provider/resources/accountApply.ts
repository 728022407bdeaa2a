import { ClusterError } from "../apply/clusterError";
import { NatsError } from "../errors";
import { PartialFailure } from "../host/handler";
import type { CallContext } from "../host/handler";
import { readClaims } from "../model/jwt/claims";
import { revocationTimes } from "../model/jwt/accountClaims";
import { nkeyKind } from "../model/config/check/nkeyKind";
import { publicKeyOf } from "../model/jwt/nkeys";
import { oneAtATime } from "./oneAtATime";
import { isForgotten, liveAccount, pushAccount } from "./accountPush";
import { issueAccount, keyOutputs, keyringOf, publicOf, revocationsIn } from "./accountState";
import type { AccountInputs, AccountKeyring, AccountState } from "./accountState";
import { generatedKeys, isDue, newSeed, nextIssue, now } from "./jwtIssue";

/** Makes the keys, issues the account and pushes it. A key of one's own may have been used before. */
export async function createAccount(
  _context: CallContext,
  inputs: AccountInputs,
): Promise<{ readonly id: string; readonly state: AccountState }> {
  const keys = newKeyring(inputs);
  return oneAtATime(keys.publicKey, async () => {
    const lives = inputs.key === undefined ? [] : (await lookAll(inputs, keys.publicKey)).flatMap(({ jwts }) => jwts);
    const foreign = lives.find((jwt) => jwt !== "");
    if (foreign !== undefined && inputs.adopt !== true) {
      const again = issueAccount(inputs, keys, revocationsIn(foreign), readClaims(foreign)!.iat);
      if (again !== foreign) throw exists(foreign, keys.publicKey);
    }
    const revocations = { ...revocationsIn(foreign), ...revocationTimes(inputs.revocations) };
    const isOwn = foreign !== undefined && inputs.adopt !== true;
    const issuedAt = isOwn ? readClaims(foreign)!.iat : nextIssue(...lives.map(issueOf));
    const jwt = issueAccount(inputs, keys, revocations, issuedAt);
    const { pushed, reasons } = await pushAll(inputs, jwt, {});
    const state = { ...inputs, ...keyOutputs(keys), jwt, issuedAt, pushed };
    if (reasons.length > 0) throw new PartialFailure(keys.publicKey, state, reasons);
    return { id: keys.publicKey, state };
  });
}

/** Issues the account anew where its claims change, and pushes it wherever it is not; what is there stays where it can't. */
export async function updateAccount(
  _context: CallContext,
  id: string,
  olds: AccountState,
  news: AccountInputs,
): Promise<AccountState> {
  return oneAtATime(id, async () => {
    const own = { publicKey: olds.publicKey, seed: news.key !== undefined && isSeed(news.key) ? news.key : olds.seed };
    const keys = keyringOf(news, own, generatedKeys(news.sk, "account", olds.generated));
    const looks = await lookAll(news, olds.publicKey);
    const lives = looks.flatMap(({ jwts }) => jwts).filter((jwt) => jwt !== "");
    const revocations = mergedRevocations(olds, news, lives);
    const newest = Math.max(olds.issuedAt, ...lives.map(issueOf));
    const same =
      issueAccount(news, keys, revocations, olds.issuedAt) === olds.jwt && !isDue(news.expiry, olds.issuedAt);
    const isSettled = same && lives.every((jwt) => jwt === olds.jwt) && !looks.some((look) => look.isForgotten);
    const issuedAt = isSettled ? olds.issuedAt : nextIssue(newest);
    const jwt = isSettled ? olds.jwt : issueAccount(news, keys, revocations, issuedAt);
    const there = Object.fromEntries(
      looks
        .filter(({ jwts }) => jwts.length === 1 && jwts[0] === jwt)
        .map(({ cluster }) => [cluster, readClaims(jwt)!.jti]),
    );
    const { pushed, reasons } = await pushAll(news, jwt, there);
    const state = { ...news, ...keyOutputs(keys), jwt, issuedAt, pushed };
    if (reasons.length > 0) throw new PartialFailure(id, state, reasons);
    return state;
  });
}

interface Look {
  readonly cluster: string;
  readonly jwts: readonly string[];
  readonly isForgotten: boolean;
}

/** What each cluster that can be reached has; the others say so when they are pushed to. */
async function lookAll({ servers }: AccountInputs, account: string): Promise<Look[]> {
  const looks = await Promise.all(
    servers.map(async (one): Promise<Look[]> => {
      try {
        const jwts = await liveAccount(one, account);
        const isLacking = jwts.every((jwt) => jwt === "");
        return [{ cluster: one.cluster, jwts, isForgotten: isLacking && (await isForgotten(one, account)) }];
      } catch {
        return [];
      }
    }),
  );
  return looks.flat();
}

async function pushAll(
  { servers }: AccountInputs,
  jwt: string,
  there: Readonly<Record<string, string>>,
): Promise<{ pushed: Record<string, string>; reasons: string[] }> {
  const pushed: Record<string, string> = { ...there };
  const reasons: string[] = [];
  const id = readClaims(jwt)!.jti;
  // In one supercluster a push reaches all, so the next ones find it there.
  for (const one of servers.filter(({ cluster }) => there[cluster] === undefined)) {
    try {
      await pushAccount(one, jwt);
      pushed[one.cluster] = id;
    } catch (error) {
      const { message } = error as Error;
      reasons.push(error instanceof ClusterError ? message : `cluster "${one.cluster}": ${message}`);
    }
  }
  return { pushed, reasons };
}

function newKeyring(inputs: AccountInputs): AccountKeyring {
  const seed = inputs.key === undefined ? newSeed("account") : isSeed(inputs.key) ? inputs.key.trim() : undefined;
  const publicKey = seed === undefined ? publicOf(inputs.key!) : publicKeyOf(seed);
  return keyringOf(inputs, { publicKey, seed }, generatedKeys(inputs.sk, "account"));
}

/** What was revoked outside stays revoked; what the program took back is not. */
function mergedRevocations(olds: AccountState, news: AccountInputs, lives: readonly string[]): Record<string, number> {
  const all = lives.map(revocationsIn);
  const merged: Record<string, number> = { ...revocationsIn(olds.jwt) };
  for (const [key, time] of all.flatMap((one) => Object.entries(one))) merged[key] = Math.max(merged[key] ?? 0, time);
  for (const key of Object.keys(olds.revocations ?? {})) if (news.revocations?.[key] === undefined) delete merged[key];
  return { ...merged, ...revocationTimes(news.revocations) };
}

function issueOf(jwt: string): number {
  return jwt === "" ? 0 : (readClaims(jwt)?.iat ?? now());
}

function isSeed(key: string): boolean {
  return nkeyKind(key.trim())?.endsWith("seed") === true;
}

function exists(jwt: string, publicKey: string): NatsError {
  const name = readClaims(jwt)?.name ?? "";
  return new NatsError(
    `account ${publicKey} exists already on the servers, as "${name}" with other claims. ` +
      "Fix: adopt: true to make it what the program says, or a key of its own",
  );
}
