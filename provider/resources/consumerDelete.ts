import { consumerInfo, deleteConsumer } from "../apply/jetstreamConsumers";
import type { CallContext } from "../host/handler";
import { startAfter } from "../plan/consumerRedelivery";
import { ownerOf } from "./assetState";
import { consumerOfId } from "./consumerRead";
import { announcedReplacement, announceReplacement } from "./consumerReplacements";
import type { ConsumerResourceState } from "./consumerState";
import { jetStreamOf } from "./jetstreamOf";

/** Deletes the consumer; one that is about to be replaced under its own name is left to the create that follows. */
export async function deleteConsumerResource(
  context: CallContext,
  id: string,
  state: ConsumerResourceState,
): Promise<void> {
  const { stream, name } = consumerOfId(id);
  const announced = announcedReplacement(context);
  const replacement = announced?.from === `${stream}/${name}` ? announced : undefined;
  if (replacement && replacement.from === replacement.to) return;
  const js = await jetStreamOf(context);
  const info = await consumerInfo(js, stream, name);
  if (!info) return;
  if (replacement?.resumes) announceReplacement(context, { ...replacement, start: startAfter(info) });
  // The one that came after ours, where the engine makes the new one first.
  const isSuccessor =
    context.urn !== undefined && ownerOf(info.config) === context.urn && info.created !== state.created;
  if (!isSuccessor) await deleteConsumer(js, stream, name);
}
