import type { JetStream } from "../apply/jetstream";
import { createConsumer, deleteConsumer } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { startAfter } from "../plan/consumerRedelivery";

const place = { ack_policy: "explicit", mem_storage: true, inactive_threshold: 300_000_000_000 };

/** A new consumer for one that exists, under the same name, at `start` where it is given. */
export async function replaceConsumer(
  js: JetStream,
  old: ConsumerInfo,
  wanted: JsonObject,
  start: JsonObject | undefined,
  retention: string,
): Promise<ConsumerInfo> {
  const stream = old.stream_name;
  // Where the last interest goes, its messages go: somebody keeps the place.
  const keeper = retention === "interest" ? placeKeeper(old) : undefined;
  if (keeper) await createConsumer(js, stream, keeper);
  await deleteConsumer(js, stream, old.name);
  const made = await createConsumer(js, stream, { ...wanted, ...start });
  if (keeper) await deleteConsumer(js, stream, textOf(keeper["name"]));
  return made;
}

function placeKeeper(old: ConsumerInfo): JsonObject {
  const { filter_subject, filter_subjects } = old.config;
  return {
    ...place,
    ...startAfter(old),
    filter_subject,
    filter_subjects,
    name: `${old.name.slice(0, 240)}_replacement`,
  };
}
