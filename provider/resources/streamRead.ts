import { streamInfo } from "../apply/jetstreamStreams";
import type { CallContext, Live } from "../host/handler";
import { flattenStream } from "../model/stream";
import type { StreamInputs } from "../model/stream";
import { jetStreamOf } from "./jetstreamOf";
import { liveAsset } from "./assetRead";
import { streamStates } from "./streamState";
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
  return liveAsset(context, streamStates, state, info, version, () => flattenStream(info.config, version));
}

/** Ids as the Terraform provider writes them are understood too. */
export function streamOfId(id: string): string {
  return id.replace(/^JETSTREAM_STREAM_/, "");
}
