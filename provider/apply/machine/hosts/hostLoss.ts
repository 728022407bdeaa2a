import { toldBy } from "../../../errors";
import type { Problem } from "../../../errors";
import type { SshFailure } from "../../ssh/sshError";
import type { HostSide } from "./hostSide";

/** What a host that is gone for good looks like; a wrong key or password is a mistake of the program. */
const gone: readonly SshFailure[] = ["unreachable", "handshake", "lost", "timeout"];

export function isGone(error: unknown): boolean {
  const { failure } = error as { failure?: SshFailure };
  return failure !== undefined && gone.includes(failure);
}

/** Those of the hosts that can't be reached, with the reason. */
export async function lostAmong(hosts: readonly HostSide[]): Promise<Map<HostSide, string>> {
  const losses = await Promise.all(
    hosts.map(async (host): Promise<[HostSide, string][]> => {
      try {
        await host.look();
        return [];
      } catch (error) {
        if (!isGone(error)) throw error;
        return [[host, toldBy(error).reason]];
      }
    }),
  );
  return new Map(losses.flat());
}

export function lossWarning(host: HostSide, reason: string): Problem {
  const nodes = host.nodes.join(", ");
  return {
    path: `target.hosts.${nodes}`,
    reason: `${reason}; ${nodes} is taken out of JetStream's peers all the same, and what lies on ${host.label} stays there`,
    fix: `before that host ever comes back: systemctl disable --now ${host.nodes.map((node) => `nats-${node}`).join(" ")}`,
    severity: "warning",
  };
}
