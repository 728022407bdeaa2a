import type { CallContext } from "../host/handler";
import type { ServerFacts } from "../model/stream";
import type { AccountInfo, JetStream } from "../apply/jetstream";

type Connect = typeof import("../apply/connect");
type Api = typeof import("../apply/jetstream");

/** JetStream of the account that the resource's provider connects to; one connection for all resources of a process. */
export async function jetStreamOf(context: CallContext): Promise<JetStream> {
  const { connectionFor, connectionModel } = require("../apply/connect") as Connect;
  const { JetStream } = require("../apply/jetstream") as Api;
  const { jsDomain: domain, jsApiPrefix: prefix } = connectionModel(context.config);
  return new JetStream(await connectionFor(context.config), {
    ...(domain ? { domain } : {}),
    ...(prefix ? { prefix } : {}),
  });
}

/** The same for a preview: undefined where no server answers (it may be a part of the same program). */
export async function reachableJetStream(
  context: CallContext,
): Promise<{ readonly js: JetStream; readonly facts: ServerFacts; readonly account: AccountInfo } | undefined> {
  try {
    const js = await jetStreamOf(context);
    const account = await accountOf(js);
    return { js, account, facts: factsOf(js, account) };
  } catch {
    return undefined;
  }
}

export function factsOf(js: JetStream, account: AccountInfo): ServerFacts {
  const { apiLevelOf } = require("../model/serverRelease") as typeof import("../model/serverRelease");
  const level = account.api?.level ?? apiLevelOf(js.serverVersion);
  return { version: js.serverVersion, level, clustered: js.isClustered };
}

const freshFor = 3000;
const accounts = new WeakMap<object, { readonly at: number; readonly answer: Promise<AccountInfo> }>();

/** Asked once for all resources that are looked at together. */
export async function accountOf(js: JetStream): Promise<AccountInfo> {
  const known = accounts.get(js.connection);
  if (known && Date.now() - known.at < freshFor) return known.answer;
  const answer = js.accountInfo();
  accounts.set(js.connection, { at: Date.now(), answer });
  answer.catch(() => accounts.delete(js.connection));
  return answer;
}
