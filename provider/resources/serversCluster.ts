import { LocalMachine } from "../apply/machine/localMachine";
import type { Machine } from "../apply/machine/machine";
import type { Observation } from "../apply/rollout/observe";
import { Reach } from "../apply/rollout/reach";
import type { Rollout } from "../apply/rollout/rollout";
import type { CallContext } from "../host/handler";
import { parseNode } from "../model/nodeConf";
import { nodeFiles } from "../model/nodeFiles";
import type { NodeStatus, ServersInputs, ServersState, TargetInputs } from "../model/servers";
import { parseDuration } from "../model/units";
import { explainConfig } from "../plan/explainConfig";
import { byOrdinal } from "../plan/rollout";

const defaultTimeout = "2m";

export function machineOf(target: TargetInputs): Machine {
  return new LocalMachine(target.dir);
}

/** Everything that a rollout of these inputs works with. `known` are earlier inputs, whose addresses and keys may still hold. */
export function rolloutOf(
  context: CallContext,
  wanted: ServersInputs,
  known: readonly ServersInputs[],
  reach = new Reach(),
): Rollout {
  const names = Object.keys(wanted.nodes).sort(byOrdinal);
  return {
    machine: machineOf(wanted.target),
    reach,
    wanted,
    known,
    parsed: new Map(names.map((name) => [name, parseNode(nodeFiles(wanted, name))])),
    explain: explainConfig,
    timeout: Number(parseDuration(wanted.rollout.timeout ?? defaultTimeout) / 1_000_000n),
    staged: new Map(),
    before: new Map(),
    say: context.info,
  };
}

/** The state after an operation: the inputs, and what each server says of itself. */
export function stateOf(inputs: ServersInputs, seen: Observation): ServersState {
  const status = Object.keys(inputs.nodes).map((name): [string, NodeStatus] => {
    const { serverId, version, digest } = seen.nodes.get(name) ?? {};
    return [
      name,
      { ...(serverId ? { serverId } : {}), ...(version ? { version } : {}), ...(digest ? { digest } : {}) },
    ];
  });
  return { ...inputs, status: Object.fromEntries(status) };
}
