import { listConsumers } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import type { ConsumerInputs } from "../model/consumer";
import { wantedSubjects } from "../model/consumerChecks";
import { SubjectIndex } from "../model/subjectIndex";
import { consumerId } from "./consumerState";
import type { Reachable } from "./jetstreamOf";
import { ownConsumers, isSettled, othersWanting, wantedBy } from "./programConsumers";
import { declaredConfig } from "./programStreams";
import { isMadeAnew } from "./streamsAnew";

/**
 * Those of a work queue that want messages that others want too: each of those has one consumer, so no server takes the second.
 * An error where the program has both; one of the server's may be gone by then.
 */
export async function filterOverlaps(
  context: CallContext,
  live: Reachable | undefined,
  wanted: readonly ConsumerInputs[],
  leaving: readonly ConsumerInputs[],
): Promise<(Problem & { readonly id: string })[]> {
  const queues = new Map<string, SubjectIndex | undefined>();
  const problems: (Problem & { readonly id: string })[] = [];
  for (const inputs of wanted.filter(isSettled)) {
    const { stream } = inputs;
    if (!queues.has(stream)) queues.set(stream, await queueOf(context, live, stream, leaving));
    const others = queues.get(stream);
    if (!others) continue;
    const own = problemsOf(context, inputs, others);
    problems.push(...own.map((problem) => ({ ...problem, id: consumerId(inputs) })));
  }
  return problems;
}

/** They don't want the same. */
export function wantOther(before: ConsumerInputs, after: ConsumerInputs): boolean {
  const sorted = (inputs: ConsumerInputs): string => [...wantedBy(inputs)].sort().join(" ");
  return sorted(before) !== sorted(after);
}

/**
 * Filters of consumers on the server that are neither this resource's nor about to end, by name; undefined where the stream is no work
 * queue, as the program has declared it so far, else as it is.
 */
async function queueOf(
  context: CallContext,
  live: Reachable | undefined,
  stream: string,
  leaving: readonly ConsumerInputs[],
): Promise<SubjectIndex | undefined> {
  const declared = declaredConfig(context, stream);
  if (declared && declared["retention"] !== "workqueue") return undefined;
  const held = await heldQueue(context, live, stream);
  if (!held && !declared) return undefined;
  const others = new SubjectIndex();
  if (!held || Number(held.state["consumer_count"] ?? 0) === 0) return others;
  const known = new Set([context.replaces, ...leaving.map(consumerId)]);
  for (const name of ownConsumers(context, stream)) known.add(`${stream}/${name}`);
  for (const { name, config } of await listConsumers(live!.js, stream).catch(() => [])) {
    if (known.has(`${stream}/${name}`)) continue;
    for (const filter of wantedSubjects(config)) others.add(filter, name);
  }
  return others;
}

/** A work queue that is on the server and stays there, with its consumers. */
export async function heldQueue(
  context: CallContext,
  live: Reachable | undefined,
  stream: string,
): Promise<StreamInfo | undefined> {
  if (!live || isMadeAnew(context, stream)) return undefined;
  const info = await streamInfo(live.js, stream).catch(() => undefined);
  return info?.config["retention"] === "workqueue" ? info : undefined;
}

function problemsOf(context: CallContext, inputs: ConsumerInputs, others: SubjectIndex): Problem[] {
  const { stream, name } = inputs;
  const isWhole = inputs.filterSubject === undefined && (inputs.filterSubjects ?? []).length === 0;
  const why = `stream "${stream}" has retention "workqueue", where each message has one consumer (10099, 10100)`;
  const fix = "narrow the filters of one of them";
  return wantedBy(inputs).flatMap((filter, at): Problem[] => {
    const path = inputs.filterSubjects === undefined || isWhole ? "filterSubject" : `filterSubjects[${at}]`;
    const what = isWhole ? "without a filter it takes all subjects, which" : `"${filter}"`;
    const overlaps = (who: readonly string[]) => `${what} overlaps with the filters of consumer ${who.join(", ")}`;
    const declared = othersWanting(context, stream, name, filter);
    if (declared.length > 0) return [{ path, reason: `${overlaps(declared)}: ${why}`, fix }];
    const there = others.colliding(filter, 4).filter((each) => each !== name);
    if (there.length === 0) return [];
    const who = there.slice(0, 3).map((each) => `"${each}"`);
    const until = "on the server until they change or go: it refuses this one where it comes first";
    const way =
      "let this come after what changes them (dependsOn), or do it in two ups; or narrow the filters of one of them";
    return [{ path, reason: `${overlaps(who)} ${until}: ${why}`, fix: way, severity: "warning" }];
  });
}
