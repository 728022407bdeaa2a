import { streamInfo } from "../apply/jetstreamStreams";
import type { CallContext, Live } from "../host/handler";
import { counted } from "../model/counted";
import { textOf } from "../model/exactJson";
import { stageOf } from "../model/replacement";
import type { StreamOptions } from "../model/stream";
import { liveAsset } from "./assetRead";
import { jetStreamOf } from "./jetstreamOf";
import { halfDone } from "./streamMirror";
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
  const half = state && (!info || stageOf(info.config)) && (await halfDone(kind, context, js, state));
  if (half) {
    const held = `"${textOf(half.config["name"])}" holds its ${counted(half.state.messages, "message")}`;
    await context.warn(`was being replaced when that was cut short: ${held}. Fix: pulumi up`);
    const unexpected = { replacement: stageOf(half.config)! };
    return { inputs: kind.states.inputsOf(state), state: { ...state, unexpected } };
  }
  if (!info) return undefined;
  const version = js.serverVersion;
  return liveAsset(context, kind.states, state, info, version, () => kind.flatten(info.config, version));
}
