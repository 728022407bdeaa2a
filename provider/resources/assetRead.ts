import type { CallContext, Live } from "../host/handler";
import type { JsonObject } from "../model/exactJson";
import { isOurs } from "../model/ownership";
import { ownerOf } from "./assetState";
import type { AssetOutputs, AssetStates } from "./assetState";

/** A live object in the program's own spelling where nothing has changed; without a state it is an import. */
export async function liveAsset<Inputs extends object, State extends Inputs & AssetOutputs>(
  context: CallContext,
  states: AssetStates<Inputs>,
  state: State | undefined,
  info: { readonly config: JsonObject; readonly created: string },
  version: string,
  imported: () => Inputs,
): Promise<Live<Inputs, State>> {
  if (!state) {
    const inputs = imported();
    const owner = ownerOf(info.config);
    const found = states.stateOf(inputs, info, version) as State;
    return { inputs, state: found, ...(owner === undefined ? {} : { owners: [owner] }) };
  }
  const drift = states.driftOf(state, info, version);
  if (drift.length === 0) {
    const { unexpected: _unexpected, ...expected } = state;
    return { inputs: states.inputsOf(state), state: { ...(expected as unknown as State), created: info.created } };
  }
  const inputs = states.liveInputs(state, info, version);
  const owner = ownerOf(info.config);
  const writer =
    owner === undefined ? "by a client that is no stack" : isOurs(context, owner) ? undefined : `by ${owner}`;
  if (writer) await context.info(`${drift.join(", ")}: changed outside of this stack, ${writer}`);
  return { inputs, state: states.driftedState(state, inputs, info, version) as State };
}
