import { LocalMachine } from "../apply/machine/localMachine";
import type { Machine } from "../apply/machine/machine";
import type { Observation } from "../apply/rollout/observe";
import { Reach } from "../apply/rollout/reach";
import type { Rollout } from "../apply/rollout/rollout";
import type { CallContext } from "../host/handler";
import { parseNode } from "../model/nodeConf";
import { nodeFiles } from "../model/nodeFiles";
import type { NodeStatus, ServersInputs, ServersState, TargetInputs } from "../model/servers";
import { milliseconds } from "../model/units";
import { explainConfig } from "../plan/explainConfig";
import { byOrdinal } from "../plan/rollout";

const defaultTimeout = "2m";

/** `known` are earlier targets, which may have hosts that this one has no more. */
export function machineOf(
  target: TargetInputs,
  known: readonly TargetInputs[] = [],
  options: { readonly isGlance?: boolean } = {},
): Machine {
  if (target.kind === "this-machine") return new LocalMachine(target.dir);
  const { HostsMachine } = require("../apply/machine/hosts/hostsMachine") as HostsModule;
  const { SshHost } = require("../apply/ssh/sshHost") as SshModule;
  const hosts = known.filter((one) => one.kind === "hosts");
  return new HostsMachine(target, hosts, ({ ssh }) => new SshHost(ssh), options);
}

type HostsModule = typeof import("../apply/machine/hosts/hostsMachine");
type SshModule = typeof import("../apply/ssh/sshHost");

/** Everything that a rollout of these inputs works with. `known` are earlier inputs, whose addresses and keys may still hold. */
export function rolloutOf(context: CallContext, wanted: ServersInputs, known: readonly ServersInputs[]): Rollout {
  const machine = machineOf(
    wanted.target,
    known.map(({ target }) => target),
  );
  return rolloutBy({ machine, reach: new Reach(machine.dialer) }, context, wanted, known);
}

/** The same by machines and ways to the servers that are there already. */
export function rolloutBy(
  { machine, reach }: Pick<Rollout, "machine" | "reach">,
  context: CallContext,
  wanted: ServersInputs,
  known: readonly ServersInputs[],
): Rollout {
  const names = Object.keys(wanted.nodes).sort(byOrdinal);
  return {
    machine,
    reach,
    wanted,
    known,
    parsed: new Map(names.map((name) => [name, parseNode(nodeFiles(wanted, name))])),
    explain: explainConfig,
    timeout: milliseconds(wanted.rollout.timeout ?? defaultTimeout),
    staged: new Map(),
    before: new Map(),
    say: context.info,
  };
}

/**
 * The state after an operation: the inputs, and what each server says of itself. A host whose server could not leave yet stays in it,
 * as only `known` inputs tell how to reach it.
 */
export function stateOf(inputs: ServersInputs, seen: Observation, known: readonly ServersInputs[] = []): ServersState {
  const status = Object.keys(inputs.nodes).map((name): [string, NodeStatus] => {
    const { serverId, version, digest } = seen.nodes.get(name) ?? {};
    return [
      name,
      { ...(serverId ? { serverId } : {}), ...(version ? { version } : {}), ...(digest ? { digest } : {}) },
    ];
  });
  return { ...inputs, target: withHostsLeft(inputs.target, seen, known), status: Object.fromEntries(status) };
}

function withHostsLeft(target: TargetInputs, seen: Observation, known: readonly ServersInputs[]): TargetInputs {
  if (target.kind !== "hosts") return target;
  const former = known.flatMap((inputs) => (inputs.target.kind === "hosts" ? Object.entries(inputs.target.hosts) : []));
  const left = former.filter(([node]) => !target.hosts[node] && seen.nodes.has(node));
  return left.length === 0 ? target : { ...target, hosts: { ...target.hosts, ...Object.fromEntries(left) } };
}
