import type { JetStream } from "../apply/jetstream";
import { consumerInfo, deleteConsumer } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { streamInfo } from "../apply/jetstreamStreams";
import { NatsError } from "../errors";
import type { CallContext } from "../host/handler";
import { textOf } from "../model/exactJson";
import { startAfter } from "../plan/consumerRedelivery";
import { ownerOf } from "./assetState";
import { endsIn, heldByConsumers, mayLoseInterest } from "./consumerLoss";
import { keepPlace } from "./consumerPlace";
import { consumerOfId } from "./consumerRead";
import { announcedReplacement, announceReplacement } from "./consumerReplacements";
import type { ConsumerReplacement } from "./consumerReplacements";
import { consumerStates } from "./consumerState";
import type { ConsumerResourceState } from "./consumerState";
import { jetStreamOf } from "./jetstreamOf";
import { oneAtATime } from "./oneAtATime";
import { staysElsewhere } from "./staysElsewhere";
import { endsSoon } from "./streamEnds";
import { takeReplacement } from "./streamReplacements";

/**
 * Deletes the consumer; one that is about to be replaced under its own name is left to the create that follows, and one of a stream
 * that is about to be replaced to that.
 */
export async function deleteConsumerResource(
  context: CallContext,
  id: string,
  state: ConsumerResourceState,
): Promise<void> {
  const { stream, name } = consumerOfId(id);
  const options = takeReplacement(context, `${stream}/${name}`) ?? state;
  const announced = announcedReplacement(context);
  const replacement = announced?.from === `${stream}/${name}` ? announced : undefined;
  if (replacement && replacement.from === replacement.to) return;
  const js = await jetStreamOf(context);
  const info = await consumerInfo(js, stream, name);
  if (!info || (await staysElsewhere(context, `consumer "${stream}/${name}"`, ownerOf(info.config)))) return;
  if (endsSoon(js, stream)) return;
  // The one that came after ours, where the engine makes the new one first.
  const isSuccessor =
    context.urn !== undefined && ownerOf(info.config) === context.urn && info.created !== state.created;
  if (replacement) await handOver(context, js, info, state, replacement);
  if (isSuccessor) return;
  // With another of its name in its stream, its place is kept until that is there.
  if (replacement || mayLoseInterest(options)) {
    return deleteConsumer(js, stream, name);
  }
  await oneAtATime(endsIn(stream), async () => {
    await refuseLoss(js, stream, name);
    await deleteConsumer(js, stream, name);
  });
}

async function refuseLoss(js: JetStream, stream: string, name: string): Promise<void> {
  const held = (await heldByConsumers(js, [`${stream}/${name}`])).get(`${stream}/${name}`);
  if (held === undefined) return;
  const what = `consumer "${stream}/${name}" holds ${held}, which would be deleted with it`;
  const fix =
    'set onDataLoss: "allow" on the consumer and run `pulumi up` before it is removed; or, for everything at once, ' +
    "`PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`; or keep the consumer with the option retainOnDelete: true; or, where its " +
    "stream goes with it, leave it to that one's onDataLoss with deletedWith: orders";
  throw new NatsError(`${what}. Fix: ${fix}`);
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
