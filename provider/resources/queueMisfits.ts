import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import type { Problem } from "../errors";
import { wantedSubjects } from "../model/consumerChecks";
import { isAcknowledged } from "../model/consumerStreamChecks";
import { textOf } from "../model/exactJson";
import { SubjectIndex } from "../model/subjectIndex";

/** Consumers of a stream that can't go on in it as they are once it is a work queue: the server refuses them. */
export function queueMisfits(stream: string, consumers: readonly ConsumerInfo[]): Problem[] {
  const what = `consumers of stream "${stream}" go on in it, where it is a work queue then`;
  const fix = "change them first, in an `up` of its own, or take them out";
  const problems: Problem[] = [];
  const silent = consumers.filter(({ config }) => !isAcknowledged(config));
  if (silent.length > 0) {
    const who = silent
      .map(({ name, config }) => `"${name}" has ackPolicy "${textOf(config["ack_policy"])}"`)
      .join(", ");
    const reason = `${what}, and acknowledgements must be explicit there: ${who} (10084, 10098)`;
    problems.push({ path: "retention", reason, fix: `ackPolicy: "explicit": ${fix}` });
  }
  const pairs = overlapping(consumers);
  if (pairs.length > 0) {
    const reason = `${what}, and each message has one consumer there: ${pairs.join(", ")} want the same (10099, 10100)`;
    problems.push({ path: "retention", reason, fix: `narrow the filters: ${fix}` });
  }
  return problems;
}

/** `"a" and "b"`, at most three. */
function overlapping(consumers: readonly ConsumerInfo[]): string[] {
  const index = new SubjectIndex();
  const pairs: string[] = [];
  for (const { name, config } of consumers) {
    const filters = wantedSubjects(config);
    const others = new Set(filters.flatMap((filter) => index.colliding(filter, 3)));
    pairs.push(...[...others].map((other) => `"${other}" and "${name}"`));
    if (pairs.length >= 3) return pairs.slice(0, 3);
    for (const filter of filters) index.add(filter, name);
  }
  return pairs;
}
