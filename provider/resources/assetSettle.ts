import { MessagesLost } from "../apply/movedStream";
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
    if (error instanceof MessagesLost) throw new PartialFailure(id, standing, [error.message]);
    if (!(error instanceof WaitTimeout)) throw error;
    const fix = "run `pulumi up` again when the servers are up; customTimeouts gives it longer";
    const late = new NatsError(error.message, { fix, cause: error });
    const stands = standing();
    if (stands === undefined) throw late;
    throw new PartialFailure(id, stands, [late.message]);
  }
}
