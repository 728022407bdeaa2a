import { ConnectError } from "../apply/connectError";
import { toldBy } from "../errors";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import type { ServerFacts } from "../model/stream";
import type { AccountInfo, JetStream } from "../apply/jetstream";

type Connect = typeof import("../apply/connect");
type Api = typeof import("../apply/jetstream");

/** JetStream of the account that the resource's provider connects to; one connection for all resources of a process. */
export async function jetStreamOf(context: CallContext): Promise<JetStream> {
  const { connectionFor, connectionModel } = require("../apply/connect") as Connect;
  const { JetStream } = require("../apply/jetstream") as Api;
  const { jsDomain, jsApiPrefix, timeout } = connectionModel(context.config);
  return new JetStream(await connectionFor(context.config), {
    ...(jsDomain === undefined ? {} : { domain: jsDomain }),
    ...(jsApiPrefix === undefined ? {} : { prefix: jsApiPrefix }),
    timeout: Math.max(timeout, 10_000),
  });
}

export interface Reachable {
  readonly js: JetStream;
  readonly facts: ServerFacts;
  readonly account: AccountInfo;
}

/** The same for a preview: undefined where no server answers, since it may be a part of the same program. */
export async function reachableJetStream(context: CallContext): Promise<Reachable | undefined> {
  const found = await lookedAt(context);
  return found instanceof Error ? undefined : found;
}

/** Why {@link reachableJetStream} found none, without the fix, which the check says. */
export async function unreachableReason(context: CallContext): Promise<string> {
  const found = await lookedAt(context);
  return found instanceof Error ? toldBy(found).reason : "no server answers";
}

/**
 * Why the servers can't be looked at. A wrong password, an unknown CA, an account without JetStream are said of every resource. That
 * nobody is there at all is said once: of a resource that is there already, or of servers that no nats.Provider names, it is a
 * warning; else the same program may be about to make the servers, as in its first preview.
 */
export async function unreachableProblems(context: CallContext, isThere: boolean): Promise<Problem[]> {
  const found = await lookedAt(context);
  if (!(found instanceof Error)) return [];
  const { message } = found;
  const warning: Problem = { path: "", reason: `not checked with the server: ${message}`, severity: "warning" };
  if (!(found instanceof ConnectError && found.isNobodyThere)) return [warning];
  if (absent.has(message)) return [];
  absent.add(message);
  if (isThere || !context.config.has("provider")) return [warning];
  await context.info(`not checked with the server, as it has to be where this program makes the servers: ${message}`);
  return [];
}

/** What was said of servers that are not there, by this process. */
const absent = new Set<string>();

interface Look {
  readonly found: Promise<Reachable | Error>;
  /** When its answer is too old; as long as it is under way never. */
  until: number;
}

/** By the provider's configuration, which each kind of resource gets as a map of its own. */
const looks = new Map<string, Look>();

/**
 * Tried once for all resources that are looked at together, failures too. The engine asks for one resource after the other: servers
 * that say nothing are not waited for again by each, so a failure counts for some times as long as it took.
 */
async function lookedAt(context: CallContext): Promise<Reachable | Error> {
  const key = JSON.stringify([...context.config].sort());
  const known = looks.get(key);
  if (known && Date.now() < known.until) {
    const found = await known.found;
    if (found instanceof Error || !found.js.connection.isClosed()) return found;
  }
  const at = Date.now();
  const found = look(context).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const made: Look = { found, until: Infinity };
  looks.set(key, made);
  const answer = await found;
  const now = Date.now();
  made.until = now + (answer instanceof Error ? Math.max(freshFor, 5 * (now - at)) : freshFor);
  return answer;
}

async function look(context: CallContext): Promise<Reachable> {
  const js = await jetStreamOf(context);
  const account = await accountOf(js);
  return { js, account, facts: factsOf(js, account) };
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
