import { isConfMap } from "../../conf/value";
import type { ConfMap } from "../../conf/value";
import { isError, ProblemsError } from "../../errors";
import type { Problem } from "../../errors";
import { counted } from "../../model/counted";
import type { Jsz } from "../serverAnswers";
import { waitFor } from "../wait";
import type { NodeObservation, Observation } from "./observe";
import type { Rollout } from "./rollout";

/** An account that is no longer in nats.conf, with what it holds there. */
interface LeavingAccount {
  readonly name: string;
  /** Messages by stream. */
  readonly streams: ReadonlyMap<string, number>;
}

/**
 * What accounts that leave nats.conf hold. Nobody could reach it without them, and a server that finds files of an account which it does
 * not know says that it is not healthy, from its next reload on.
 */
export async function leavingProblems(rollout: Rollout, seen: Observation): Promise<Problem[]> {
  return problemsOf(rollout, await leavingAccounts(rollout, seen));
}

/** Deletes that, while the servers still know the accounts; refused where messages would go and the program did not say so. */
export async function emptyAccounts(rollout: Rollout, seen: Observation): Promise<void> {
  const leaving = await leavingAccounts(rollout, seen);
  if (leaving.length === 0) return;
  const problems = problemsOf(rollout, leaving).filter(isError);
  if (problems.length > 0) {
    throw new ProblemsError(`Servers of cluster ${rollout.wanted.cluster}: nothing was changed`, problems);
  }
  const node = [...seen.nodes.values()].find(({ state }) => state === "running")!;
  for (const { name, streams } of leaving) {
    await rollout.say(`account ${name} leaves: deleting ${streamsText(streams)}`);
    const connection = await rollout.reach.to(node.name, node.candidates);
    await connection.askJetStream(`$JS.API.ACCOUNT.PURGE.${name}`);
  }
  await waitFor("the end of what leaving accounts hold", { timeout: rollout.timeout }, async () => {
    const left = await leavingAccounts(rollout, seen);
    const text = left.map(({ name, streams }) => `account ${name} has ${streamsText(streams)}`).join("; ");
    return left.length === 0 ? { value: undefined } : { pending: text };
  });
}

function problemsOf({ wanted }: Rollout, leaving: readonly LeavingAccount[]): Problem[] {
  return leaving.map(({ name, streams }) => {
    const path = `accounts.${name}`;
    const held = streamsText(streams);
    const isEmpty = [...streams.values()].every((messages) => messages === 0);
    if (isEmpty || wanted.onDataLoss === "allow") {
      return { path, severity: "warning", reason: `leaves nats.conf, and its streams are deleted: ${held}` };
    }
    const reason = `leaves nats.conf and holds ${held}, which nobody could reach without it, and its servers would not be healthy`;
    const names = [...streams.keys()].join(" and ");
    const fix = `keep the account, or delete ${names} first (\`nats stream rm\`, as a user of ${name}), or say that they may go: onDataLoss: "allow"`;
    return { path, reason, fix };
  });
}

async function leavingAccounts({ reach, parsed }: Rollout, seen: Observation): Promise<LeavingAccount[]> {
  const running = [...seen.nodes.values()].filter((node) => node.state === "running");
  const stays = new Set([...parsed.values()].flatMap(({ conf }) => accountsIn(conf)));
  const leaving = new Map<string, Map<string, number>>();
  for (const name of running.flatMap(({ conf }) => (conf ? accountsIn(conf) : []))) {
    if (!stays.has(name)) leaving.set(name, new Map());
  }
  if (leaving.size === 0 || parsed.size === 0) return [];
  for (const node of running) await collect(reach, node, leaving);
  for (const [name, streams] of leaving) if (streams.size === 0) leaving.delete(name);
  // What is deleted goes everywhere, so also in the other regions.
  if (leaving.size > 0) await collectElsewhere(reach, running[0]!, leaving);
  return [...leaving].map(([name, streams]) => ({ name, streams }));
}

type Streams = ReadonlyMap<string, Map<string, number>>;

const everything = { accounts: true, streams: true, limit: 100_000 } as const;

async function collect(reach: Rollout["reach"], node: NodeObservation, leaving: Streams): Promise<void> {
  const connection = await reach.to(node.name, node.candidates);
  count(await connection.ask<Jsz>("JSZ", everything), leaving);
}

async function collectElsewhere(reach: Rollout["reach"], node: NodeObservation, leaving: Streams): Promise<void> {
  const connection = await reach.to(node.name, node.candidates);
  for (const { data } of (await connection.askAll?.<Jsz>("JSZ", everything, { wait: 3000 })) ?? [])
    count(data, leaving);
}

function count({ account_details: accounts = [] }: Jsz, leaving: Streams): void {
  for (const { name, stream_detail: details = [] } of accounts) {
    const streams = leaving.get(name);
    if (!streams) continue;
    for (const { name: stream, state } of details) {
      streams.set(stream, Math.max(streams.get(stream) ?? 0, state?.messages ?? 0));
    }
  }
}

/** `ORDERS (3 messages), BILLING (0 messages)` */
function streamsText(streams: ReadonlyMap<string, number>): string {
  return [...streams].map(([name, messages]) => `stream ${name} (${counted(messages, "message")})`).join(", ");
}

function accountsIn(conf: ConfMap): string[] {
  const accounts = conf.get("accounts");
  return isConfMap(accounts) ? [...accounts.keys()] : [];
}
