import { listConsumers } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import type { ConsumerInputs } from "../model/consumer";
import { filtersOf } from "../model/consumerChecks";
import { subjectsCollide } from "../model/names";
import { consumerId } from "./consumerState";
import type { Reachable } from "./jetstreamOf";
import { isConsumerDeclared, isSettled, othersWanting, wantedBy } from "./programConsumers";
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
  const settled = wanted.filter(isSettled);
  const gone = new Set(leaving.map(consumerId));
  const queues = new Map<string, Queue | undefined>();
  const problems: (Problem & { readonly id: string })[] = [];
  for (const inputs of settled) {
    const { stream } = inputs;
    if (!queues.has(stream)) queues.set(stream, await queueOf(context, live, stream));
    const queue = queues.get(stream);
    if (!queue) continue;
    const others = queue.consumers.filter((info) => isForeign(context, inputs, info, gone));
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

interface Queue {
  /** That are on the server. */
  readonly consumers: readonly ConsumerInfo[];
}

/** As the program has declared the stream so far, else as it is; undefined where it is no work queue. */
async function queueOf(context: CallContext, live: Reachable | undefined, stream: string): Promise<Queue | undefined> {
  const declared = declaredConfig(context, stream);
  if (declared && declared["retention"] !== "workqueue") return undefined;
  const info = live && (await streamInfo(live.js, stream).catch(() => undefined));
  const isQueue = info?.config["retention"] === "workqueue";
  if (!isQueue && !declared) return undefined;
  const isHeld = isQueue && Number(info.state["consumer_count"] ?? 0) > 0 && !isMadeAnew(context, stream);
  return { consumers: isHeld ? await listConsumers(live!.js, stream).catch(() => []) : [] };
}

/** Neither this one, nor one that the program has or ends. */
function isForeign(
  context: CallContext,
  { stream, name }: ConsumerInputs,
  info: ConsumerInfo,
  gone: ReadonlySet<string>,
): boolean {
  const id = `${stream}/${info.name}`;
  if (info.name === name || id === context.replaces || gone.has(id)) return false;
  return !isConsumerDeclared(context, stream, info.name);
}

function problemsOf(context: CallContext, inputs: ConsumerInputs, others: readonly ConsumerInfo[]): Problem[] {
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
    const there = others.filter(({ config }) => wants(config, filter)).slice(0, 3);
    if (there.length === 0) return [];
    const who = there.map((info) => `"${info.name}"`);
    const unless = "which the server has already and refuses this one unless that one goes before";
    return [{ path, reason: `${overlaps(who)}, ${unless}: ${why}`, fix, severity: "warning" }];
  });
}

function wants(config: ConsumerInfo["config"], filter: string): boolean {
  const filters = filtersOf(config);
  return filters.length === 0 || filters.some((each) => subjectsCollide(each, filter));
}
