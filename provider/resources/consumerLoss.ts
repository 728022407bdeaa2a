import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { allConsumers } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { sleep } from "../apply/wait";
import { filtersOf } from "../model/consumerChecks";
import { counted } from "../model/counted";
import type { JsonObject } from "../model/exactJson";
import { settledConsumer } from "../model/consumerSettled";
import type { ConsumerPlan } from "../plan/consumerExplain";
import { lossOf, narrowed, onceText, waiterOf } from "../plan/interestLoss";
import type { InterestLoss, Waiter } from "../plan/interestLoss";
import type { StreamState } from "../plan/streamRulesLoss";
import { allowedForAll } from "./allowedForAll";
import { announceChange, changesBefore } from "./comingChanges";

/** Subjects that are few enough to be counted one by one. */
const countable = 100_000;

/** The program, or who runs pulumi, lets messages go that a stream deletes with the interest of a consumer. */
export function mayLoseInterest({ onDataLoss }: { readonly onDataLoss?: string }): boolean {
  return onDataLoss === "allow" || allowedForAll();
}

/** Consumers that wait for the same are counted and ended one after the other, or each would rely on the other. */
export function endsIn(stream: string): string {
  return `interest in stream ${stream}`;
}

/** What the stream deletes when these consumers of it end together; undefined where that is nothing. */
export async function lossOfEnds(
  js: JetStream,
  stream: string,
  names: readonly string[],
): Promise<(InterestLoss & { readonly waiting: readonly string[] }) | undefined> {
  for (let tries = 1; ; tries++) {
    const held = await interestOf(js, stream);
    if (!held) return undefined;
    const leaving = names.filter((name) => held.waiters.has(name));
    const ends = leaving.map((name) => held.waiters.get(name)!);
    const loss = leaving.length === 0 ? undefined : lossBeside(js, stream, held, leaving, ends, []);
    if (!loss || loss.most <= 0) return undefined;
    const waiting = leaving.filter((_name, index) => ends[index]!.most > 0);
    // A server goes on deleting for a moment what a consumer left that has just ended.
    const isGoing = loss.most > ends.reduce((sum, { most }) => sum + most, 0);
    if (!isGoing || tries === 5) return { ...loss, waiting: waiting.length > 0 ? waiting : leaving };
    await sleep(100);
  }
}

/** "10 messages of its stream that no other consumer waits for", by id, of consumers that end together. */
export async function heldByConsumers(js: JetStream, ids: readonly string[]): Promise<Map<string, string>> {
  const streams = new Map<string, string[]>();
  for (const id of ids) {
    const at = id.indexOf("/");
    const stream = id.slice(0, at);
    streams.set(stream, [...(streams.get(stream) ?? []), id.slice(at + 1)]);
  }
  const found = new Map<string, string>();
  await inTurns([...streams], async ([stream, names]) => {
    const loss = await lossOfEnds(js, stream, names);
    if (!loss) return;
    const { waiting } = loss;
    const messages = `${loss.exact ? "" : "up to "}${counted(loss.most, "message")} of its stream`;
    const once = onceText(loss.once);
    for (const name of waiting) {
      const others = waiting.filter((each) => each !== name);
      const more =
        others.length > 2 ? ` and ${others.length - 1} more` : others.length === 2 ? ` and "${others[1]!}"` : "";
      const who = others.length === 0 ? "no other consumer waits" : `none but it and "${others[0]!}"${more} wait`;
      found.set(`${stream}/${name}`, `${messages} that ${who} for${once}`);
    }
  });
  return found;
}

/** What a planned change of that consumer makes its stream delete; undefined where that is nothing. */
export async function lossOfChange(
  js: JetStream,
  id: { readonly stream: string; readonly name: string },
  wanted: JsonObject,
  plan: ConsumerPlan,
  version: string,
): Promise<InterestLoss | undefined> {
  if (!plan.changes.some(({ losesMessages }) => losesMessages)) return undefined;
  const held = await interestOf(js, id.stream);
  const before = held?.waiters.get(id.name);
  if (!held || !before) return undefined;
  const after = waiterAfter(before, held.info.state, wanted, plan, version);
  // The new one is there when the old one's place is given up: it is not the last that goes.
  const loss = lossBeside(js, id.stream, held, [id.name], [before], [after]);
  return loss.most > 0 ? loss : undefined;
}

/** A change that may lose messages and is not refused: what it waits for now is nothing to rely on for others. */
export function announceInterest(
  js: JetStream,
  { info, plan, wanted }: { readonly info: ConsumerInfo; readonly plan: ConsumerPlan; readonly wanted: JsonObject },
  version: string,
): void {
  if (!plan.changes.some(({ losesMessages }) => losesMessages)) return;
  const { created, stream_name: stream, name } = info;
  const after = (waiter: Waiter, state: StreamState): Waiter => waiterAfter(waiter, state, wanted, plan, version);
  announceChange(js, stream, name, { created, after });
}

/** What it waits for once it is what is wanted. */
function waiterAfter(
  before: Waiter,
  stream: StreamState,
  wanted: JsonObject,
  plan: ConsumerPlan,
  version: string,
): Waiter {
  const config = settledConsumer(wanted, version);
  const stays = narrowed(stream, before, filtersOf(config));
  // One that is replaced and does not go on where it stood waits for what comes after its start.
  const isAnew = plan.impact === "replace" && plan.start === undefined;
  if (!isAnew) return stays;
  const isNew = config["deliver_policy"] === "new";
  return { ...stays, least: 0, isWhole: false, ...(isNew ? { most: 0 } : {}) };
}

/** The loss with what others wait for once they are as the program says, as far as that comes before. */
function lossBeside(
  js: JetStream,
  stream: string,
  { info: { state }, consumers, waiters }: Interest,
  names: readonly string[],
  leaving: readonly Waiter[],
  staying: readonly Waiter[],
): InterestLoss {
  const changes = changesBefore(js, stream, names[0]!);
  const others = consumers.filter(({ name }) => !names.includes(name));
  const changing = others.filter(({ name, created }) => changes.get(name)?.created === created);
  const now = lossOf(state, leaving, [...others.map(({ name }) => waiters.get(name)!), ...staying]);
  if (changing.length === 0) return now;
  const then = others.flatMap((each): Waiter[] => {
    const waiter = waiters.get(each.name)!;
    if (!changing.includes(each)) return [waiter];
    const { after } = changes.get(each.name)!;
    return after ? [after(waiter, state)] : [];
  });
  const loss = lossOf(state, leaving, [...then, ...staying]);
  const once = [...changes.keys()].filter((name) => changing.some((each) => each.name === name));
  return loss.most > now.most ? { ...loss, once } : loss;
}

interface Interest {
  readonly info: StreamInfo;
  readonly consumers: readonly ConsumerInfo[];
  readonly waiters: Map<string, Waiter>;
}

/** Who waits for what in a stream that keeps messages for its consumers only; undefined for others, and without messages. */
async function interestOf(js: JetStream, stream: string): Promise<Interest | undefined> {
  const found = await streamInfo(js, stream);
  if (found?.config["retention"] !== "interest") return undefined;
  const isCountable = (found.state.num_subjects ?? 0) <= countable;
  const [info, consumers] = await Promise.all([
    streamInfo(js, stream, { subjects: isCountable }),
    allConsumers(js, stream),
  ]);
  if (!info || info.state.messages === 0) return undefined;
  return { info, consumers, waiters: new Map(consumers.map((each) => [each.name, waiterOf(each)])) };
}
