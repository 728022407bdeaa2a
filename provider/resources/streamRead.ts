import { streamInfo } from "../apply/jetstreamStreams";
import type { CallContext, Live } from "../host/handler";
import { flattenStream } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { jetStreamOf } from "./jetstreamOf";
import { driftOf, liveInputs, ownerOf, stateOf } from "./streamState";
import type { StreamState } from "./streamState";

/** The stream as it is, in the program's own spelling where nothing has changed; undefined when it is gone. */
export async function readStream(
  context: CallContext,
  id: string,
  state: StreamState | undefined,
): Promise<Live<StreamInputs, StreamState> | undefined> {
  const js = await jetStreamOf(context);
  const info = await streamInfo(js, streamOfId(id));
  if (!info) return undefined;
  const version = js.serverVersion;
  if (!state) {
    const inputs = flattenStream(info.config, version);
    return { inputs, state: stateOf(inputs, info, version) };
  }
  const drift = driftOf(state, info, version);
  if (drift.length === 0) {
    const { created: _created, serverSet: _serverSet, ...inputs } = state;
    return { inputs, state: { ...state, created: info.created } };
  }
  const inputs = liveInputs(state, info, version);
  const owner = ownerOf(info.config);
  const writer =
    owner === undefined ? "by a client that is no stack" : owner === context.urn ? undefined : `by ${owner}`;
  if (writer) await context.info(`${drift.join(", ")}: changed outside of this stack, ${writer}`);
  return { inputs, state: stateOf(inputs, info, version) };
}

/** Ids as the Terraform provider writes them are understood too. */
export function streamOfId(id: string): string {
  return id.replace(/^JETSTREAM_STREAM_/, "");
}
