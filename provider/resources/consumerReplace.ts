import { JetStream } from "../apply/jetstream";
import { consumerInfo, createConsumer, deleteConsumer } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { JetStreamError } from "../apply/jetstreamErrors";
import { NatsError } from "../errors";
import type { JsonObject } from "../model/exactJson";
import { startAfter } from "../plan/consumerRedelivery";
import { keepPlace } from "./consumerPlace";

/**
 * A new consumer for one that exists, under the same name; where it `resumes`, after what is acknowledged. One that the server
 * refuses leaves the old one where it stood.
 */
export async function replaceConsumer(
  js: JetStream,
  seen: ConsumerInfo,
  wanted: JsonObject,
  resumes: boolean,
  retention: string,
): Promise<ConsumerInfo> {
  const { stream_name: stream, name } = seen;
  // Where it stands is asked again: it may have been listed a while ago.
  const asking = new JetStream(js.connection, js.options);
  const old = (await consumerInfo(asking, stream, name)) ?? seen;
  const start = resumes ? startAfter(old, old.config) : undefined;
  const keeper = await keepPlace(js, old, { name, config: wanted, start }, retention);
  await deleteConsumer(js, stream, name);
  const made = await createConsumer(js, stream, { ...wanted, ...start }).catch(async (error: unknown) => {
    if (!(error instanceof JetStreamError)) throw error;
    const place = retention === "workqueue" ? undefined : startAfter(old, old.config);
    await createConsumer(js, stream, { ...old.config, ...place });
    if (keeper !== undefined) await deleteConsumer(js, stream, keeper);
    const message = `${error.message}; the old consumer "${stream}/${name}" is back where it stood`;
    throw new NatsError(message, { cause: error });
  });
  if (keeper !== undefined) await deleteConsumer(js, stream, keeper);
  return made;
}
