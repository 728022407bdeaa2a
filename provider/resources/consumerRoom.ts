import { inTurns } from "../apply/inTurns";
import { allConsumers } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import type { ConsumerInputs } from "../model/consumer";
import type { Reachable } from "./jetstreamOf";

/** Who wants to be there, and who goes before. */
export interface ConsumerDemand {
  readonly wanted: readonly ConsumerInputs[];
  readonly leaving?: readonly ConsumerInputs[];
}

/**
 * Numbers of consumers that streams may not have; the account's limit is one for each stream too. What others give up before
 * may help, so all are warnings.
 */
export async function consumerRoom(
  { js, account }: Reachable,
  { wanted, leaving = [] }: ConsumerDemand,
): Promise<(Problem & { readonly stream: string })[]> {
  const streams = [...new Set(wanted.map(({ stream }) => stream))];
  const found = await inTurns(streams, async (stream): Promise<(Problem & { readonly stream: string })[]> => {
    const info = await streamInfo(js, stream);
    if (!info) return [];
    const own = wanted.filter((each) => each.stream === stream);
    const [has = 0, its] = [info.state.consumer_count, Number(info.config["max_consumers"] ?? -1)];
    const replicas = Number(own[0]!.replicas ?? 0) || Number(info.config["num_replicas"] ?? 1);
    const accounts = (account.tiers?.[`R${replicas}`] ?? account).limits.max_consumers;
    const isAccounts = accounts > 0 && (its <= 0 || accounts < its);
    const most = isAccounts ? accounts : its;
    if (most <= 0 || has + own.length <= most) return [];
    const there = new Set((await allConsumers(js, stream)).map(({ name }) => name));
    const fresh = own.filter(({ name }) => !there.has(name)).length;
    const gone = leaving.filter((each) => each.stream === stream && there.has(each.name)).length;
    if (fresh === 0 || has - gone + fresh <= most) return [];
    const less = gone === 0 ? "" : `, ${gone} of them until then`;
    const more = fresh === 1 ? "" : `, ${fresh} more are wanted`;
    const by = isAccounts ? "as the account allows each stream" : "by its maxConsumers";
    const reason = `stream "${stream}" has ${has} consumers${less} and may have ${most} ${by}${more} (10026)`;
    const fix = isAccounts ? "raise maxConsumers of the account" : "raise maxConsumers of the stream";
    return [{ stream, path: "name", reason, fix, severity: "warning" }];
  });
  return found.flat();
}
