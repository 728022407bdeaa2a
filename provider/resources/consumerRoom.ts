import { inTurns } from "../apply/inTurns";
import { allConsumers } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { ConsumerInputs } from "../model/consumer";
import { atLeast } from "../model/serverRelease";
import type { Reachable } from "./jetstreamOf";

/** Who wants to be there, and who goes before. */
export interface ConsumerDemand {
  readonly wanted: readonly ConsumerInputs[];
  readonly leaving?: readonly ConsumerInputs[];
}

type RoomProblem = Problem & { readonly stream: string };

/**
 * Numbers of consumers that streams may not have: the account's number is one for each stream too. What others give up before
 * may help, so all are warnings.
 */
export async function consumerRoom(live: Reachable, { wanted, leaving = [] }: ConsumerDemand): Promise<RoomProblem[]> {
  const streams = [...new Set(wanted.map(({ stream }) => stream))];
  const found = await inTurns(streams, (stream) => {
    const [ins, outs] = [wanted, leaving].map((each) => each.filter((one) => one.stream === stream));
    return roomIn(live, stream, ins!, new Set(outs!.map(({ name }) => name)));
  });
  return found.flat();
}

async function roomIn(
  { js, account, facts }: Reachable,
  stream: string,
  wanted: readonly ConsumerInputs[],
  leaving: ReadonlySet<string>,
): Promise<RoomProblem[]> {
  const info = await streamInfo(js, stream);
  if (!info) return [];
  const [has = 0, its] = [info.state.consumer_count, Number(info.config["max_consumers"] ?? -1)];
  const usual = Number(info.config["num_replicas"] ?? 1);
  const replicasOf = (said: unknown): number => Number(said ?? 0) || usual;
  const limitOf = (replicas: number): number => (account.tiers?.[`R${replicas}`] ?? account).limits.max_consumers;
  const exceeds = (most: number): boolean => most > 0 && has + wanted.length > most;
  // Without a listing where there is room for all.
  if (![its, ...wanted.map(({ replicas }) => limitOf(replicasOf(replicas)))].some(exceeds)) return [];
  const there = await allConsumers(js, stream);
  const names = new Set(there.map(({ name }) => name));
  const fresh = wanted.filter(({ name }) => !names.has(name));
  // Clusters count those of a tier apart, 2.14.9 does and 2.14.0 does not.
  const isByTier = account.tiers !== undefined && facts.clustered === true && atLeast(facts.version, "2.14.9");
  const problems: RoomProblem[] = [];
  const look = (most: number, by: string, fix: string, isCounted: (replicas: number) => boolean): void => {
    const standing = there.filter(({ config }) => isCounted(replicasOf(config["num_replicas"])));
    const more = fresh.filter(({ replicas }) => isCounted(replicasOf(replicas))).length;
    const gone = standing.filter(({ name }) => leaving.has(name)).length;
    if (most <= 0 || more === 0 || standing.length - gone + more <= most) return;
    const less = gone === 0 ? "" : `, ${gone} of them until then`;
    const also = more === 1 ? "" : `, ${more} more are wanted`;
    const reason = `stream "${stream}" has ${standing.length} consumers${less} and may have ${most} ${by}${also} (10026)`;
    problems.push({ stream, path: "name", reason, fix, severity: "warning" });
  };
  look(its, "by its maxConsumers", "raise maxConsumers of the stream", () => true);
  for (const replicas of new Set(fresh.map((each) => replicasOf(each.replicas)))) {
    const by = isByTier ? ` of ${replicas} replicas` : "";
    const words = `as the account allows each stream${by}`;
    look(limitOf(replicas), words, "raise maxConsumers of the account", (each) => !isByTier || each === replicas);
  }
  return problems;
}
