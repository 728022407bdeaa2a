import type { Account } from "@nats-io/jwt";
import { NatsError } from "../errors";
import type { CallContext, Live } from "../host/handler";
import type { JsonObject } from "../model/exactJson";
import { flattenAccount } from "../model/jwt/accountClaims";
import type { AccountSettings } from "../model/jwt/accountSettings";
import { readClaims } from "../model/jwt/claims";
import { dateText } from "../model/jwt/term";
import { differingSettings, settledSettings } from "./accountDiff";
import { liveAccount } from "./accountPush";
import { inputsOf, settingsOf } from "./accountState";
import type { AccountInputs, AccountState } from "./accountState";
import { givenInputs } from "./givenInputs";

/**
 * What the servers have: as it was written where nothing has changed, else as a program would say it. An account that they lack is
 * kept: its keys, which all of its users depend on, are nowhere else.
 */
export async function readAccount(
  context: CallContext,
  _id: string,
  state: AccountState | undefined,
): Promise<Live<AccountInputs, AccountState> | undefined> {
  if (!state) throw new NatsError("an account is taken over by its key: new nats.Account(…, { key, adopt: true })");
  const pushed: Record<string, string> = {};
  let foreign: string | undefined;
  for (const servers of state.servers) {
    const before = state.pushed[servers.cluster];
    let jwts: readonly string[];
    try {
      jwts = await liveAccount(servers, state.publicKey);
    } catch (error) {
      await context.warn(
        `cluster "${servers.cluster}" can't be asked, its claims count as unchanged: ${(error as Error).message}`,
      );
      if (before !== undefined) pushed[servers.cluster] = before;
      continue;
    }
    const found = jwts.filter((jwt) => jwt !== "");
    if (found.length === 0) {
      await context.warn(`account "${state.name}" is not on cluster "${servers.cluster}": the next up pushes it`);
    }
    foreign ??= found.find((jwt) => jwt !== state.jwt);
    // Where not all servers have the same, it is pushed again.
    if (jwts.length === 1 && found.length === 1) pushed[servers.cluster] = readClaims(found[0]!)?.jti ?? "";
  }
  const live = foreign === undefined ? state : withLive(state, foreign);
  const result = { ...live, pushed };
  return { inputs: inputsOf(result), state: result };
}

/** The state with the claims that somebody else pushed. */
function withLive(state: AccountState, jwt: string): AccountState {
  const claims = readClaims<Account>(jwt);
  if (!claims) return state;
  const { name, exp, iat, nats } = claims;
  const keys = (nats.signing_keys ?? []).map((key) => (typeof key === "string" ? key : key.key));
  const wanted = settingsOf(state);
  const settled = settledSettings(wanted);
  const expected = readClaims<Account>(state.jwt);
  const validity =
    exp === expected?.exp ? { expiry: wanted.expiry } : { expiry: exp === undefined ? undefined : dateText(exp) };
  const found = { ...flattenAccount(nats as unknown as JsonObject), name } as unknown as AccountSettings;
  const changed = differingSettings(settled, found).map(({ name: key, value }) => [key, value] as const);
  const settings = givenInputs({ ...wanted, ...validity, ...Object.fromEntries(changed) });
  const others = { ...inputsOf(state), ...state };
  for (const key of Object.keys(wanted)) delete (others as Record<string, unknown>)[key];
  return { ...others, ...settings, signingKeys: keys, jwt, issuedAt: iat };
}
