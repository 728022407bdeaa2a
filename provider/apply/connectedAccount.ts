import type { NatsConnection } from "nats";
import { NatsError } from "../errors";

/** The account that a connection's user belongs to, as the server knows it. */
export interface ConnectedAccount {
  /** Name in nats.conf; the public key (A…) in operator mode. */
  readonly account: string;
  /** Name in the account's JWT. Servers tell it from 2.12 on. */
  readonly name?: string;
}

interface UserInfoAnswer {
  readonly data?: { readonly account?: string; readonly account_name?: string };
}

/** Asks the server whose user this is. Throws NatsError where the user may not ask, or nobody answers in `timeout` ms. */
export async function connectedAccount(connection: NatsConnection, timeout: number): Promise<ConnectedAccount> {
  let answer: UserInfoAnswer;
  try {
    answer = (await connection.request("$SYS.REQ.USER.INFO", "", { timeout })).json<UserInfoAnswer>();
  } catch (error) {
    throw new NatsError(`no answer to $SYS.REQ.USER.INFO (${(error as Error).message})`, { cause: error });
  }
  const { account, account_name: name } = answer.data ?? {};
  if (!account) throw new NatsError("the answer to $SYS.REQ.USER.INFO names no account");
  return { account, ...(name ? { name } : {}) };
}
