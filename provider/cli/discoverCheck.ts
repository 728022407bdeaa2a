import type { ConnectedAccount } from "../apply/connectedAccount";
import type { JetStream } from "../apply/jetstream";
import { NatsError } from "../errors";
import type { AccountWay } from "./discoverAccounts";

/** Stops where the connection is of another account than `--account` says. Returns notes of what could not be told. */
export async function checkAccount({ name, own }: AccountWay, js: JetStream): Promise<string[]> {
  if (name === undefined) return [];
  const { connectedAccount } = require("../apply/connectedAccount") as typeof import("../apply/connectedAccount");
  const at = js.connection.getServer();
  let is: ConnectedAccount;
  try {
    is = await connectedAccount(js.connection, 2000);
  } catch (error) {
    const { message } = error as Error;
    if (own) return [`account "${name}" was taken at its word, as its user can't ask whose it is: ${message}`];
    const fix = `let the user publish to $SYS.REQ.USER.INFO, or leave out --account ${name}`;
    throw new NatsError(`--account ${name}: whose the connection to ${at} is can't be told: ${message}. Fix: ${fix}`);
  }
  if (name === is.account || name === is.name) return [];
  // The server has no name for it, and the user no key.
  if (own && is.name === undefined && isKey(is.account) && !isKey(name)) {
    return [`account "${name}" was taken at its word: nats-server ${js.serverVersion} knows it as ${is.account} only`];
  }
  const called = is.name ?? is.account;
  const whole = is.name === undefined || is.name === is.account ? `"${is.account}"` : `"${is.name}" (${is.account})`;
  const fix = own
    ? `creds or a context of a user of ${name}, or --account ${called}=…`
    : `--account ${called}, or --account ${name}=<creds file or context> of a user of ${name}`;
  throw new NatsError(`--account ${name}: the connection to ${at} is of account ${whole}. Fix: ${fix}`);
}

function isKey(text: string): boolean {
  return /^A[A-Z2-7]{55}$/.test(text);
}
