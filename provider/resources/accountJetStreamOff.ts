import type { Account } from "@nats-io/jwt";
import { hasUnknown } from "../host/handler";
import type { Diff } from "../host/handler";
import { accountClaims } from "../model/jwt/accountClaims";
import { readClaims } from "../model/jwt/claims";
import { streamsLost } from "./accountDelete";
import { usesJetStream } from "./accountPush";
import { settingsOf } from "./accountState";
import type { AccountInputs, AccountState } from "./accountState";

const anybody = { publicKey: "", signingKeys: [], revocations: {} };

/** Servers keep what an account holds whose JetStream is turned off, and let nobody reach it. */
export async function jetStreamOffNotes(olds: AccountState, news: AccountInputs): Promise<NonNullable<Diff["notes"]>> {
  if (hasUnknown(settingsOf(news))) return [];
  const had = usesJetStream(readClaims<Account>(olds.jwt)?.nats ?? {});
  if (!had || usesJetStream(accountClaims(settingsOf(news), anybody, 0).nats)) return [];
  const what = "JetStream is turned off for it";
  try {
    return (await streamsLost(olds)).map(({ text }) => ({
      severity: "warning",
      message: `${what}: nobody reaches ${text} until it is turned on again; they stay where they are`,
    }));
  } catch (error) {
    const message = `${what}; whether it holds streams is not known: ${(error as Error).message}`;
    return [{ severity: "warning", message }];
  }
}
