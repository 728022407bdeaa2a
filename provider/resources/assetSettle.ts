import { WaitTimeout } from "../apply/wait";
import { PartialFailure } from "../host/handler";

/** The state of what stands; when the servers are not through in time it is kept, and the next `up` goes on. */
export async function settleAsset<State>(
  id: string,
  standing: State,
  work: () => Promise<State>,
): Promise<{ readonly id: string; readonly state: State }> {
  try {
    return { id, state: await work() };
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const fix = "Fix: run `pulumi up` again when the servers are up; customTimeouts gives it longer";
    throw new PartialFailure(id, standing, [`${error.message}. ${fix}`]);
  }
}
