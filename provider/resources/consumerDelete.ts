import type { JetStream } from "../apply/jetstream";
import { consumerInfo, deleteConsumer } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import type { CallContext } from "../host/handler";
import { textOf } from "../model/exactJson";
import { startAfter } from "../plan/consumerRedelivery";
import { ownerOf } from "./assetState";
import { keepPlace } from "./consumerPlace";
import { consumerOfId } from "./consumerRead";
import { announcedReplacement, announceReplacement } from "./consumerReplacements";
import type { ConsumerReplacement } from "./consumerReplacements";
import { consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { jetStreamOf } from "./jetstreamOf";
import { staysElsewhere } from "./staysElsewhere";

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
  if (!info || (await staysElsewhere(context, `consumer "${stream}/${name}"`, ownerOf(info.config)))) return;
  if (replacement) await handOver(context, js, info, state, replacement);
  // The one that came after ours, where the engine makes the new one first.
  const isSuccessor =
    context.urn !== undefined && ownerOf(info.config) === context.urn && info.created !== state.created;
  if (!isSuccessor) await deleteConsumer(js, stream, name);
}

/** One of another name goes on for it: its messages are kept until then, and the place where it stood. */
async function handOver(
  context: CallContext,
  js: JetStream,
  old: ConsumerInfo,
  state: ConsumerResourceState,
  replacement: ConsumerReplacement,
): Promise<void> {
  const holder = await streamInfo(js, old.stream_name);
  const start = replacement.resumes ? startAfter(old, old.config) : undefined;
  const config = consumerStates.wantedConfig(consumerStates.inputsOf(state), context.urn);
  const successor = { name: consumerOfId(replacement.to).name, config, start };
  await keepPlace(js, old, successor, textOf(holder?.config["retention"]));
  announceReplacement(context, { ...replacement, ...(start ? { start } : {}) });
}
