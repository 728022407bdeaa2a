import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { jetStreamOf } from "./jetstreamOf";
import { streamOfId } from "./streamRead";
import { isReplacementAllowed } from "./streamReplacements";
import type { StreamState } from "./streamState";

/** Deletes an empty stream, or one that the program (or who runs pulumi) lets go with what it holds. */
export async function deleteStreamResource(context: CallContext, id: string, state: StreamState): Promise<void> {
  const name = streamOfId(id);
  const js = await jetStreamOf(context);
  const allowed =
    state.onDataLoss === "allow" ||
    process.env["PULUMI_NATS_ON_DATA_LOSS"] === "allow" ||
    isReplacementAllowed(context, id);
  if (!allowed) {
    const info = await streamInfo(js, name);
    if (!info) return;
    const { messages } = info.state;
    if (messages > 0) {
      const what = `stream "${name}" holds ${messages} ${messages === 1 ? "message" : "messages"}, which would be deleted with it`;
      const fix =
        'set onDataLoss: "allow" on the stream and run `pulumi up` before it is removed; or, for everything at once, ' +
        "`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`; or keep the stream with the option retainOnDelete: true";
      throw new NatsError(`${what}. Fix: ${fix}`);
    }
  }
  await deleteStream(js, name);
}
