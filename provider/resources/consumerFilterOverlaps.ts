import { streamInfo } from "../apply/jetstreamStreams";
import type { CallContext } from "../host/handler";
import { expandConsumer } from "../model/consumer";
import type { ConsumerInputs } from "../model/consumer";
import { filtersOf } from "../model/consumerChecks";
import { SubjectIndex } from "../model/subjectIndex";
import type { JointProblem, Member } from "./assetSet";
import { consumerStates } from "./consumerState";
import type { Reachable } from "./jetstreamOf";
import { declaredConfig } from "./programStreams";

/** Members that want the same messages of a work queue: each of those has one consumer, so no server takes the second. */
export async function filterOverlaps(
  context: CallContext,
  live: Reachable | undefined,
  all: readonly Member<ConsumerInputs>[],
  changed: readonly { readonly after: Member<ConsumerInputs> }[],
): Promise<JointProblem[]> {
  const problems: JointProblem[] = [];
  for (const stream of new Set(changed.map(({ after }) => after.full.stream))) {
    const members = all.filter(({ full }) => full.stream === stream && isFiltered(full));
    if (members.length < 2) continue;
    const fresh = new Set(changed.map(({ after }) => after.id));
    const found = overlapsAmong(members, fresh);
    if (found.length > 0 && (await isWorkQueue(context, live, stream))) problems.push(...found);
  }
  return problems;
}

function overlapsAmong(members: readonly Member<ConsumerInputs>[], fresh: ReadonlySet<string>): JointProblem[] {
  const index = new SubjectIndex();
  const filters = new Map(members.map(({ id, full }) => [id, filtersIn(full)]));
  for (const [id, own] of filters) for (const filter of own.length === 0 ? [">"] : own) index.add(filter, id);
  return members.flatMap(({ id, full }): JointProblem[] => {
    if (!fresh.has(id)) return [];
    const own = filters.get(id)!;
    return (own.length === 0 ? [">"] : own).flatMap((filter, at): JointProblem[] => {
      const others = index.colliding(filter, 4).filter((each) => each !== id);
      if (others.length === 0) return [];
      const path = full.filterSubjects === undefined ? "filterSubject" : `filterSubjects[${at}]`;
      const what = own.length === 0 ? "without a filter it takes all subjects, which" : `"${filter}"`;
      const who = others.map((each) => `"${each.slice(each.indexOf("/") + 1)}"`).join(", ");
      const why = `stream "${full.stream}" has retention "workqueue", where each message has one consumer`;
      const reason = `${what} overlaps with the filters of consumer ${who} of the same map: ${why} (10099, 10100)`;
      return [{ id, path, reason, fix: "narrow the filters of one of them" }];
    });
  });
}

/** As the program has declared it so far, else as it is. */
async function isWorkQueue(context: CallContext, live: Reachable | undefined, stream: string): Promise<boolean> {
  const declared = declaredConfig(context, stream);
  if (declared) return declared["retention"] === "workqueue";
  const info = live && (await streamInfo(live.js, stream).catch(() => undefined));
  return info?.config["retention"] === "workqueue";
}

/** Its filters are known. */
function isFiltered(inputs: ConsumerInputs): boolean {
  const unknown = consumerStates.unknownSettings(inputs);
  return !unknown.includes("filterSubject") && !unknown.includes("filterSubjects");
}

function filtersIn(inputs: ConsumerInputs): readonly string[] {
  return filtersOf(expandConsumer(consumerStates.knownSettings(inputs)));
}
