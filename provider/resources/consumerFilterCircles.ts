import type { Problem } from "../errors";
import type { CallContext } from "../host/handler";
import type { ConsumerInputs } from "../model/consumer";
import { SubjectIndex } from "../model/subjectIndex";
import { heldQueue } from "./consumerFilterOverlaps";
import { consumerId } from "./consumerState";
import type { Reachable } from "./jetstreamOf";
import { isSettled, wantedBy } from "./programConsumers";

interface Change {
  readonly before: ConsumerInputs;
  readonly after: ConsumerInputs;
}

/** Consumers of a work queue that each want what another one has until it changes itself: no server takes them in any order. */
export async function filterCircles(
  context: CallContext,
  live: Reachable | undefined,
  changes: readonly Change[],
): Promise<(Problem & { readonly id: string })[]> {
  const problems: (Problem & { readonly id: string })[] = [];
  for (const stream of new Set(changes.map(({ after }) => after.stream))) {
    const own = changes.filter(({ after }) => after.stream === stream && isSettled(after));
    if (own.length < 2 || !(await heldQueue(context, live, stream))) continue;
    for (const [inputs, others] of inCircles(own)) {
      const who = others.map((other) => `"${other}"`).join(", ");
      const reason = `it wants what consumer ${who} of the same map has until that changes, which waits for this one: stream "${stream}" has retention "workqueue", so that the server takes neither first (10099, 10100)`;
      const fix = "two ups, with another filter for one of them in between";
      const path = inputs.filterSubjects === undefined ? "filterSubject" : "filterSubjects";
      problems.push({ id: consumerId(inputs), path, reason, fix });
    }
  }
  return problems;
}

/** What is left once all are sent that wait for none of the others. */
function inCircles(changes: readonly Change[]): [ConsumerInputs, readonly string[]][] {
  const held = new SubjectIndex();
  for (const { before } of changes) for (const filter of wantedBy(before)) held.add(filter, before.name);
  const waits = new Map(
    changes.map(({ after }) => {
      const others = new Set(wantedBy(after).flatMap((filter) => held.colliding(filter)));
      others.delete(after.name);
      return [after, others];
    }),
  );
  for (let ready = [...waits.keys()]; ready.length > 0;) {
    ready = [...waits].filter(([, others]) => others.size === 0).map(([after]) => after);
    for (const after of ready) waits.delete(after);
    for (const { name } of ready) for (const others of waits.values()) others.delete(name);
  }
  return [...waits].map(([after, others]) => [after, [...others]]);
}
