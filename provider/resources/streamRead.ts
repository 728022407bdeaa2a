import { streamInfo } from "../apply/jetstreamStreams";
import type { CallContext, Live } from "../host/handler";
import type { StreamOptions } from "../model/stream";
import { liveAsset } from "./assetRead";
import { jetStreamOf } from "./jetstreamOf";
import { interrupted } from "./streamMirrorShown";
import { nameOfId } from "./streamKind";
import type { StreamKind, StreamKindState } from "./streamKind";

/** The stream as it is, in the program's own spelling where nothing has changed; undefined when it is gone. */
export async function readStream<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  context: CallContext,
  id: string,
  state: StreamKindState<Inputs> | undefined,
): Promise<Live<Inputs, StreamKindState<Inputs>> | undefined> {
  const js = await jetStreamOf(context);
  const info = await streamInfo(js, kind.streamPrefix + nameOfId(kind, id));
  const half = state && (await interrupted(kind, context, js, state, info));
  if (half) {
    await context.warn(half.message);
    return { inputs: kind.states.inputsOf(state), state: { ...state, unexpected: half.unexpected } };
  }
  if (!info) return undefined;
  const version = js.serverVersion;
  return liveAsset(context, kind.states, state, info, version, () => kind.flatten(info.config, version));
}
