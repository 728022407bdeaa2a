import { filtersOf } from "../model/consumerChecks";
import { counted } from "../model/counted";
import type { JsonObject } from "../model/exactJson";
import { isSubset, subjectsCollide } from "../model/names";
import type { ConsumerState } from "./consumerRedelivery";
import type { StreamState } from "./streamRulesLoss";

/** How many messages go, or at most. */
export interface InterestLoss {
  readonly most: number;
  readonly exact: boolean;
  /** Consumers that wait for them now, and won't any more once they are as the program says. */
  readonly once?: readonly string[];
}

/** One consumer among those of an interest stream: what it wants, and how many of the stored messages it waits for. */
export interface Waiter {
  /** None: all subjects. */
  readonly filters: readonly string[];
  readonly least: number;
  readonly most: number;
  /** Nothing up to there is waited for. */
  readonly floor: bigint;
  /** All that it wants after the floor is waited for: nothing is acknowledged out of turn. */
  readonly isWhole: boolean;
  /** It may have given messages up, which stay in the stream although nobody waits for them. */
  readonly givesUp: boolean;
}

export function lossWords({ most, exact, once }: InterestLoss, stream: string): string {
  const many = `${exact ? "" : "up to "}${counted(most, "message")}`;
  return `deletes ${many} of stream "${stream}" that no other consumer waits for${onceText(once)}`;
}

/** ` once "invoices" is as the program says`; nothing where nobody else changes. */
export function onceText(once: readonly string[] = []): string {
  if (once.length === 0) return "";
  const more = once.length === 1 ? "" : once.length === 2 ? ` and "${once[1]}"` : ` and ${once.length - 1} more`;
  return ` once "${once[0]}"${more} ${once.length === 1 ? "is" : "are"} as the program says`;
}

export function waiterOf(state: ConsumerState & { readonly config: JsonObject }): Waiter {
  const { ack_floor: floor, delivered, num_ack_pending: unacked, num_pending: pending, config } = state;
  const policy = (state.resumed ?? config)["deliver_policy"] ?? "all";
  const [acked, given] = [BigInt(floor.stream_seq), BigInt(delivered.stream_seq)];
  const isInTurn = BigInt(delivered.consumer_seq) - BigInt(floor.consumer_seq) === BigInt(unacked);
  // Clusters call the floor 0 while nothing is acknowledged, wherever the consumer started.
  const isFloorKnown = acked > 0n || policy === "all";
  return {
    filters: filtersOf(config),
    least: unacked + pending,
    // To the server it waits for all of its subjects' messages, not for the last ones only.
    most: policy === "last_per_subject" ? Infinity : unacked + pending,
    floor: unacked === 0 ? given : acked,
    isWhole: policy !== "last_per_subject" && (unacked === 0 || (isInTurn && isFloorKnown)),
    givesUp: Number(config["max_deliver"] ?? -1) > 0,
  };
}

/** The same consumer once it wants other subjects: earlier messages of added ones don't come. */
export function narrowed(stream: StreamState, waiter: Waiter, filters: readonly string[]): Waiter {
  const before = matching(stream, waiter.filters);
  const kept =
    stream.subjects === undefined
      ? undefined
      : sum(stream.subjects, (subject) => wants(waiter.filters, subject) && wants(filters, subject));
  return {
    ...waiter,
    filters,
    least: kept === undefined || before === undefined ? 0 : Math.max(0, waiter.least - (before - kept)),
    most: Math.min(waiter.most, kept ?? Infinity),
  };
}

/** What goes when these leave an interest stream, and those stay: what only they still hold back. */
export function lossOf(stream: StreamState, leaving: readonly Waiter[], staying: readonly Waiter[]): InterestLoss {
  const { messages, first_seq: first = 1, last_seq: last = Infinity } = stream;
  // With the last consumer a server deletes all, also what nobody waits for.
  if (staying.length === 0) return { most: messages, exact: true };
  const [kept, held] = [unionOf(stream, staying), unionOf(stream, leaving)];
  const floor = leaving.reduce<bigint | undefined>(
    (low, each) => (low === undefined || each.floor < low ? each.floor : low),
    undefined,
  );
  const span = Math.max(0, last - Math.max(Number(floor ?? 0n), first - 1));
  const isSure = ![...leaving, ...staying].some(({ givesUp }) => givesUp);
  const most = Math.min(messages - kept.least, ...(isSure ? [span, held.most] : []));
  const least = isSure ? messages - kept.most : held.least - kept.most;
  return { most, exact: Math.max(0, least) >= most };
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** How many messages at least one of them waits for. */
function unionOf(stream: StreamState, waiters: readonly Waiter[]): Bounds {
  const whole = waiters.filter(({ filters, least }) => least >= (matching(stream, filters) ?? Infinity));
  const all = whole.flatMap(({ filters }) => (filters.length === 0 ? [">"] : filters));
  const cover = all.length === 0 ? 0 : (matching(stream, all) ?? 0);
  const beyond = (filters: readonly string[]): number =>
    stream.subjects === undefined
      ? stream.messages - cover
      : sum(stream.subjects, (subject) => wants(filters, subject) && !(all.length > 0 && wants(all, subject)));
  const others = waiters
    .filter((each) => !whole.includes(each))
    .map((each) => {
      const [total, rest] = [matching(stream, each.filters) ?? stream.messages, beyond(each.filters)];
      return { ...each, least: Math.max(0, each.least - (total - rest)), most: Math.min(each.most, rest) };
    })
    .filter((each, index, list) => !list.some((other, at) => at !== index && covers(other, each, at < index)));
  const apart: Waiter[] = [];
  for (const each of [...others].sort((left, right) => right.least - left.least)) {
    if (!apart.some((other) => collide(other.filters, each.filters))) apart.push(each);
  }
  const most = others.reduce((total, each) => total + each.most, 0);
  const room =
    others.length === 0
      ? 0
      : beyond(others.some(({ filters }) => filters.length === 0) ? [] : others.flatMap(({ filters }) => filters));
  return {
    least: cover + apart.reduce((total, each) => total + each.least, 0),
    most: cover + Math.min(most, room),
  };
}

/** All that the second waits for, the first waits for too; of two that are alike, the first by their order. */
function covers(one: Waiter, other: Waiter, isBefore: boolean): boolean {
  if (!one.isWhole || !other.isWhole || !isWithin(other.filters, one.filters)) return false;
  const isSame = one.floor === other.floor && isWithin(one.filters, other.filters);
  return isSame ? isBefore : one.floor <= other.floor;
}

function isWithin(filters: readonly string[], of: readonly string[]): boolean {
  if (of.length === 0) return true;
  return filters.length > 0 && filters.every((filter) => of.some((each) => isSubset(filter, each)));
}

function collide(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 || right.length === 0) return true;
  return left.some((filter) => right.some((each) => subjectsCollide(filter, each)));
}

/** undefined where the subjects were not asked for. */
function matching(stream: StreamState, filters: readonly string[]): number | undefined {
  if (filters.length === 0 || filters.includes(">")) return stream.messages;
  return stream.subjects && sum(stream.subjects, (subject) => wants(filters, subject));
}

function wants(filters: readonly string[], subject: string): boolean {
  return filters.length === 0 || filters.some((filter) => isSubset(subject, filter));
}

function sum(subjects: Readonly<Record<string, number>>, isCounted: (subject: string) => boolean): number {
  return Object.entries(subjects).reduce((total, [subject, count]) => (isCounted(subject) ? total + count : total), 0);
}
