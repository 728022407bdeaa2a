import { Disconnected, NoAnswer } from "../apply/noAnswer";
import { NatsError } from "../errors";
import type { AssetSetInputs, Member } from "./assetSet";
import type { SetStanding } from "./assetSetStanding";

/** So many members that got no answer at all, one after the other: the servers are away, the rest is not tried. */
const mostSilent = 50;

/** Notes a failure beside its member; when nobody answers any more, what is left is not tried. */
export function attempts<Inputs extends object>(
  standing: Pick<SetStanding<Inputs, AssetSetInputs>, "failed">,
): (member: Member<Inputs>, work: () => Promise<void>) => Promise<void> {
  let silent = 0;
  let last = "";
  return async (member, work) => {
    if (silent >= mostSilent) return standing.failed(member, new NatsError(`not tried, since nobody answers: ${last}`));
    try {
      await work();
      silent = 0;
    } catch (error) {
      if (!(error instanceof NatsError)) throw error;
      silent = error instanceof NoAnswer || error instanceof Disconnected ? silent + 1 : 0;
      last = error.message;
      standing.failed(member, error);
    }
  };
}
