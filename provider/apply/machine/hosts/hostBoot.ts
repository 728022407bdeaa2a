import { toldBy } from "../../../errors";
import type { Problem, Told } from "../../../errors";
import { defaultBootTimeout } from "../../../model/ssh";
import type { SshSettings } from "../../../model/ssh";
import { milliseconds } from "../../../model/units";
import type { SshFailure } from "../../ssh/sshError";
import { waitFor, WaitTimeout } from "../../wait";
import type { HostSide } from "./hostSide";

/** What a machine looks like from outside until its sshd is up; whoever shows a key or takes a login is up. */
const booting: readonly SshFailure[] = ["unreachable", "handshake"];

/** A host that has just been made may not speak ssh yet. Whatever else is wrong with it is the matter of a look at it. */
export async function bootProblems(
  host: HostSide,
  { bootTimeout = defaultBootTimeout }: SshSettings,
  say: (message: string) => Promise<void>,
): Promise<Problem[]> {
  const timeout = milliseconds(bootTimeout);
  if (timeout === 0) return [];
  let told: Told | undefined;
  let said = false;
  try {
    await waitFor("ssh to a new host, which may still boot (bootTimeout)", { timeout, interval: 500 }, async () => {
      try {
        await host.look();
      } catch (error) {
        const { failure } = error as { failure?: SshFailure };
        if (failure === undefined || !booting.includes(failure)) return { value: undefined };
        told = toldBy(error);
        if (!said) await say(`waiting for a new host to boot: ${told.reason}`);
        said = true;
        return { pending: told.reason };
      }
      return { value: undefined };
    });
    return [];
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const path = `target.hosts.${host.nodes[0] ?? ""}`;
    return [{ ...told, path, reason: error.message }];
  }
}
