import type { Account } from "@nats-io/jwt";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { readClaims, signedClaims } from "../model/jwt/claims";
import { oneAtATime } from "./oneAtATime";
import { liveAccount, pushAccount } from "./accountPush";
import { nextIssue, now } from "./jwtIssue";
import type { UserState } from "./userState";

/** Ends the access of a user: its account's claims say that JWTs of its key are void, and servers close its connections. */
export async function revokeUser(
  context: CallContext,
  { name, publicKey, account, authority, issuedAt }: UserState,
): Promise<void> {
  if (!authority || authority.servers.length === 0) {
    await context.info(`the creds of user "${name}" stay valid until they expire or its account revokes ${publicKey}`);
    return;
  }
  await oneAtATime(account, async () => {
    const lives = (await Promise.all(authority.servers.map((one) => liveAccount(one, account)))).flat();
    const newest = lives.flatMap((jwt) => readClaims<Account>(jwt) ?? []).sort((a, b) => b.iat - a.iat)[0];
    // An account that is gone has no users.
    if (!newest) return;
    const { exp, nbf, nats, sub, iat } = newest;
    const until = Math.max(now(), issuedAt);
    if ((nats.revocations?.[publicKey] ?? 0) >= issuedAt) return;
    const claims = {
      name: newest.name,
      sub,
      ...(exp === undefined ? {} : { exp }),
      ...(nbf === undefined ? {} : { nbf }),
      nats: { ...nats, revocations: { ...nats.revocations, [publicKey]: until } },
    };
    const jwt = signedClaims(claims, authority.operatorKey, nextIssue(iat));
    const failures: string[] = [];
    for (const one of authority.servers) {
      await pushAccount(one, jwt).catch((error: Error) => failures.push(error.message));
    }
    if (failures.length > 0) {
      throw new NatsError(
        `user "${name}" (${publicKey}) has its access still: it is not revoked everywhere:\n${failures.join("\n")}`,
      );
    }
  });
}
