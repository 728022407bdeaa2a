import { inTurns } from "../apply/inTurns";
import type { JetStream } from "../apply/jetstream";
import { allConsumers } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { sleep } from "../apply/wait";
import { filtersOf } from "../model/consumerChecks";
import { counted } from "../model/counted";
import type { JsonObject } from "../model/exactJson";
import { settledConsumer } from "../model/consumerSettled";
import type { ConsumerPlan } from "../plan/consumerExplain";
import { lossOf, narrowed, waiterOf } from "../plan/interestLoss";
import type { InterestLoss, Waiter } from "../plan/interestLoss";
import { allowedForAll } from "./allowedForAll";

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
    const staying = [...held.waiters].filter(([name]) => !leaving.includes(name)).map(([, waiter]) => waiter);
    const ends = leaving.map((name) => held.waiters.get(name)!);
    const loss = leaving.length === 0 ? undefined : lossOf(held.info.state, ends, staying);
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
    for (const name of waiting) {
      const others = waiting.filter((each) => each !== name);
      const more =
        others.length > 2 ? ` and ${others.length - 1} more` : others.length === 2 ? ` and "${others[1]!}"` : "";
      const who = others.length === 0 ? "no other consumer waits" : `none but it and "${others[0]!}"${more} wait`;
      found.set(`${stream}/${name}`, `${messages} that ${who} for`);
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
  const config = settledConsumer(wanted, version);
  const stays = narrowed(held.info.state, before, filtersOf(config));
  // One that is replaced and does not go on where it stood waits for what comes after its start.
  const isAnew = plan.impact === "replace" && plan.start === undefined;
  const after = isAnew ? { ...stays, least: 0, isWhole: false } : stays;
  const isNew = isAnew && config["deliver_policy"] === "new";
  const others = [...held.waiters].filter(([name]) => name !== id.name).map(([, waiter]) => waiter);
  // The new one is there when the old one's place is given up: it is not the last that goes.
  const loss = lossOf(held.info.state, [before], [...others, isNew ? { ...after, most: 0 } : after]);
  return loss.most > 0 ? loss : undefined;
}

/** Who waits for what in a stream that keeps messages for its consumers only; undefined for others, and without messages. */
async function interestOf(
  js: JetStream,
  stream: string,
): Promise<{ readonly info: StreamInfo; readonly waiters: Map<string, Waiter> } | undefined> {
  const found = await streamInfo(js, stream);
  if (found?.config["retention"] !== "interest") return undefined;
  const isCountable = (found.state.num_subjects ?? 0) <= countable;
  const [info, consumers] = await Promise.all([
    streamInfo(js, stream, { subjects: isCountable }),
    allConsumers(js, stream),
  ]);
  if (!info || info.state.messages === 0) return undefined;
  return { info, waiters: new Map(consumers.map((each) => [each.name, waiterOf(each)])) };
}
