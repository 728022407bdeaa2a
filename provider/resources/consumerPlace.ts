import type { JetStream } from "../apply/jetstream";
import { consumerInfo, createConsumer } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { JetStreamError } from "../apply/jetstreamErrors";
import { NatsError } from "../errors";
import { ownerKey } from "../model/assetSettled";
import { formatJson, isObject, parseJson, sameJson, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { recordKey, replacementName, startIn } from "../model/replacement";
import { startAfter } from "../plan/consumerRedelivery";
import { ownerOf } from "./assetState";

/** What the successor of a consumer is to have, and where it starts otherwise than its configuration says. */
export interface Successor {
  readonly name: string;
  readonly config: JsonObject;
  readonly start: JsonObject | undefined;
}

/**
 * Makes a consumer that holds the place of another until its successor is there: with the last interest its messages would go,
 * and a run that is cut short finds there where to go on. Returns its name; undefined where none is needed or none fits.
 */
export async function keepPlace(
  js: JetStream,
  old: ConsumerInfo,
  { name, config, start }: Successor,
  retention: string,
): Promise<string | undefined> {
  if (retention === "workqueue") return undefined;
  const stream = old.stream_name;
  const keeper = placeName(name);
  const { filter_subject, filter_subjects } = old.config;
  const { [ownerKey]: owner } = (config["metadata"] ?? {}) as JsonObject;
  const note = formatJson({ wanted: startIn(config), start });
  const there = await consumerInfo(js, stream, keeper);
  if (there && noteOf(there) !== undefined && ownerOf(there.config) === owner) return keeper;
  try {
    await createConsumer(js, stream, {
      ...startAfter(old, old.config),
      name: keeper,
      durable_name: keeper,
      description: `holds the place of consumer "${old.name}" while that is replaced`,
      ack_policy: "explicit",
      filter_subject,
      filter_subjects,
      metadata: { [ownerKey]: owner, [recordKey]: note },
    });
  } catch (error) {
    const isFull = error instanceof JetStreamError && error.code === 10026;
    if (isFull && retention !== "interest") return undefined;
    if (!(error instanceof JetStreamError)) throw error;
    const why = `consumer "${stream}/${old.name}" can't be replaced: "${keeper}" is to keep its messages meanwhile`;
    const fix = isFull ? "Fix: allow the stream one consumer more (maxConsumers), or the account, for the while" : "";
    throw new NatsError(`${why}, and ${error.description} (${error.code}). ${fix}`.trim(), { cause: error });
  }
  return keeper;
}

/** The place that a replacement of ours has kept for that consumer and not given back. */
export async function keptPlace(
  js: JetStream,
  stream: string,
  wanted: JsonObject,
): Promise<{ readonly keeper: string; readonly start: JsonObject | undefined } | undefined> {
  const { [ownerKey]: owner } = (wanted["metadata"] ?? {}) as JsonObject;
  if (owner === undefined) return undefined;
  const keeper = placeName(textOf(wanted["name"]));
  const info = await consumerInfo(js, stream, keeper);
  const note = info && ownerOf(info.config) === owner ? noteOf(info) : undefined;
  if (!note) return undefined;
  const isSame = sameJson(note["wanted"], startIn(wanted));
  return { keeper, start: isSame && isObject(note["start"]) ? note["start"] : undefined };
}

function placeName(consumer: string): string {
  return replacementName(consumer.slice(0, 240));
}

function noteOf({ config }: ConsumerInfo): JsonObject | undefined {
  const text = ((config["metadata"] ?? {}) as JsonObject)[recordKey];
  const note = typeof text === "string" ? parseJson(text) : undefined;
  return isObject(note) && note["wanted"] !== undefined ? note : undefined;
}
