import { allConsumers } from "../apply/jetstreamConsumers";
import type { Problem } from "../errors";
import { isObject, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";
import type { StreamOptions } from "../model/stream";
import { shortDuration } from "../model/units";
import type { Reachable } from "./jetstreamOf";
import { called, nameOf } from "./streamKind";
import type { StreamKind } from "./streamKind";
import type { PlannedStream } from "./streamPlan";

const limits = ["max_ack_pending", "inactive_threshold"] as const;

/** Consumers that exceed new limits of their stream: the servers change nothing as long as one does. */
export async function consumerLimitProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  { js, facts }: Reachable,
  { plan, info }: PlannedStream,
  inputs: Inputs,
): Promise<Problem[]> {
  const isChanged = plan.changes.some(({ path }) => path.startsWith("consumer_limits"));
  if (!isChanged || plan.impact === "replace" || (info.state.consumer_count ?? 0) === 0) return [];
  const said = kind.expand(kind.states.knownSettings(inputs))["consumer_limits"];
  const wanted: JsonObject = isObject(said) ? said : {};
  const all = await allConsumers(js, textOf(info.config["name"]));
  return limits.flatMap((limit): Problem[] => {
    const most = Number(wanted[limit] ?? 0);
    // Before 2.12 what is not limited is limited to nothing by a change of the other.
    if (most === 0 && atLeast(facts.version, "2.12")) return [];
    const over = all
      .map(({ name, config }) => ({ name, has: Number(config[limit] ?? 0) }))
      .filter(({ has }) => has > most)
      .sort((left, right) => right.has - left.has);
    if (over.length === 0) return [];
    const text = (value: number): string =>
      limit === "max_ack_pending" ? `${value}` : `"${shortDuration(BigInt(value))}"`;
    const named = over.slice(0, mostNames).map(({ name, has }) => `"${name}" has ${text(has)}`);
    const more = over.length > mostNames ? `, and ${over.length - mostNames} more exceed it` : "";
    const path = kind.words.argPath(`consumer_limits.${limit}`);
    const property = path.split(".").at(-1)!;
    const what = most === 0 ? `without it nats-server ${facts.version} allows none` : `it is ${text(most)}`;
    const whose = `of the consumers of ${called(kind, nameOf(kind, inputs))}, ${named.join(", ")}${more}`;
    const fix = `consumerLimits: { ${property}: ${text(over[0]!.has)} }, or lower ${property} of these consumers before`;
    return [{ path, reason: `${what}, and ${whose}: the servers refuse it (10069)`, fix }];
  });
}

const mostNames = 5;
