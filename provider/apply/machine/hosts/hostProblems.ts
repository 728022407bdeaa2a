import { toldBy } from "../../../errors";
import type { Problem } from "../../../errors";
import type { HostInputs, HostsTargetInputs } from "../../../model/hosts";
import { architectureOf } from "../../../tools/findServer";
import type { SshFailure } from "../../ssh/sshError";
import { isGone } from "./hostLoss";
import type { HostSeen } from "./hostSeen";
import type { HostSide } from "./hostSide";

/** Room for nats-server and what is written beside it. */
const leastFreeKiB = 100 * 1024;
const largestSkew = 5;

/** What of a host itself stands against running these nodes on it; `placed` are those that are there already. */
export async function hostProblems(
  host: HostSide,
  target: HostsTargetInputs,
  nodes: readonly string[],
  placed: readonly string[] = [],
): Promise<Problem[]> {
  const path = `target.hosts.${nodes[0] ?? host.nodes.join()}`;
  const asked = Date.now();
  let seen: HostSeen;
  try {
    seen = await host.look();
  } catch (error) {
    const { reason, fix } = toldBy(error);
    const { label } = error as { label?: string };
    const isOnTheWay = label !== undefined && label !== host.shell.label;
    if (isOnTheWay || !isGone(error) || placed.length === 0)
      return [{ path, reason, ...(fix === undefined ? {} : { fix }) }];
    const forever = `where it never comes back, take it out of hosts([…]): ${placed.join(", ")} leaves the cluster without it`;
    return [{ path, reason, fix: fix === undefined ? forever : `${fix}; or ${forever}` }];
  }
  const system = systemProblem(host.label, seen);
  if (system) return [{ path, ...system }];
  const problems: Problem[] = [];
  // What leaves a host needs neither room nor a name there.
  if (nodes.length === 0) return problems;
  if (seen.freeKiB < leastFreeKiB) {
    const reason = `${host.label} has ${Math.floor(seen.freeKiB / 1024)} MiB free where ${target.dir} lies: at least 100 MiB are wanted`;
    problems.push({ path, reason, fix: "free space there, or another `dir`" });
  }
  const skew = Math.round(seen.time - (asked + Date.now()) / 2000);
  if (Math.abs(skew) > largestSkew) {
    const reason = `the clock of ${host.label} is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} this machine's: certificates and JetStream's ages go by it`;
    problems.push({ path, reason, fix: "time synchronisation (chrony, systemd-timesyncd)", severity: "warning" });
  }
  for (const node of nodes) {
    const unit = seen.units.get(node);
    if (!unit || unit.content.includes(`WorkingDirectory=${target.dir}/${node}\n`)) continue;
    const reason = `${host.label} has a unit nats-${node}.service already, which is none of this cluster's`;
    problems.push({ path, reason, fix: "another name for the host's server, or remove that unit" });
  }
  return problems;
}

function systemProblem(label: string, seen: HostSeen): Omit<Problem, "path"> | undefined {
  if (seen.system !== "Linux") {
    return { reason: `${label} runs ${seen.system || "an unknown system"}: bare hosts are Linux with systemd` };
  }
  if (!seen.hasSystemd) {
    return {
      reason: `${label} does not run systemd, which starts the servers`,
      fix: "a host that booted with systemd",
    };
  }
  if (architectureOf(seen.architecture) === undefined) {
    return { reason: `${label} is of architecture ${seen.architecture}, for which there is no nats-server` };
  }
  if (seen.missingTools.length === 0) return undefined;
  const tools = seen.missingTools.join(", ");
  return {
    reason: `${label} has no ${tools}`,
    fix: `install ${tools} there (coreutils, tar, gzip, util-linux, iproute2, passwd)`,
  };
}

/**
 * Servers are asked through the ssh connection, which a host's sshd may forbid. Tried only where nobody listens: our server tells it
 * otherwise, and another program is not to be disturbed.
 */
export async function forwardProblems(host: HostSide, node: string, port: number): Promise<Problem[]> {
  if ((await host.look()).ports.has(port)) return [];
  try {
    (await host.shell.dial(host.inside, port, 5000)).destroy();
    return [];
  } catch (error) {
    const { failure } = error as { failure?: SshFailure };
    if (failure !== "forbidden") return [];
    return [{ path: `target.hosts.${node}`, ...toldBy(error) }];
  }
}

/** What several hosts have in common, such as a host that leads to all of them, is one problem. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const { path: _path, ...what } = problem;
    const key = JSON.stringify(what);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [Problem, ...Problem[]];
    if (group.length === 1) return first;
    const names = group.map(({ path }) => path.replace(/^target\.hosts\./, "")).join(", ");
    return { ...first, path: "target.hosts", reason: `${first.reason}; it leads to ${names}` };
  });
}

/** A server whose host is another one now: it would start there without its data. */
export function movedProblem(
  node: string,
  before: HostInputs,
  now: HostInputs,
  isThere: boolean,
  names: string,
): Problem | undefined {
  if (before.address === now.address || isThere) return undefined;
  return {
    path: `target.hosts.${node}`,
    reason: `${node} lives on ${before.address}; on ${now.address} it would start without its data`,
    fix: `names that stay with their hosts: ${names}`,
  };
}
