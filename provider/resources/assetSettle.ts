import { WaitTimeout } from "../apply/wait";
import { NatsError } from "../errors";
import { PartialFailure } from "../host/handler";

/**
 * The state of what stands; when the servers are not through in time it is kept, and the next `up` goes on. Where nothing was done yet,
 * nothing new stands.
 */
export async function settleAsset<State>(
  id: string,
  standing: () => State | undefined,
  work: () => Promise<State>,
): Promise<{ readonly id: string; readonly state: State }> {
  try {
    return { id, state: await work() };
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const fix = "Fix: run `pulumi up` again when the servers are up; customTimeouts gives it longer";
    const stands = standing();
    const reason = `${error.message}. ${fix}`;
    if (stands === undefined) throw new NatsError(reason, { cause: error });
    throw new PartialFailure(id, stands, [reason]);
  }
}
