import type { StreamInfo } from "../apply/jetstreamStreams";
import type { CallContext } from "../host/handler";
import { counted } from "../model/counted";
import { textOf } from "../model/exactJson";

/**
 * Says so where a stream that has just been made holds messages already: a server that still removes the files of one deleted
 * stream leaves those of the next where they are, and the one made after that of the same name has them.
 */
export async function tellLeftover(context: CallContext, { config, created, state }: StreamInfo): Promise<void> {
  const copies = config["mirror"] !== undefined || config["sources"] !== undefined;
  const isOlder = Date.parse(state.first_ts ?? "") < Date.parse(created);
  if (copies || state.messages === 0 || !isOlder) return;
  const name = textOf(config["name"]);
  const what = `stream "${name}" holds ${counted(state.messages, "message")} from the start`;
  const why = "of an earlier stream of this name, whose files the server had not removed";
  await context.warn(`${what}: ${why}. Fix: \`nats stream purge ${name}\` where they are not wanted`);
}
