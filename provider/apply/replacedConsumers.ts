import { textOf, formatJson, parseJson } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { parkedSubject, recordKey } from "../model/replacement";
import { resumedConsumer } from "../plan/streamReplacement";
import type { ConsumerRecord } from "../plan/streamReplacement";
import { inTurns } from "./inTurns";
import type { JetStream } from "./jetstream";
import { consumerInfo, createConsumer, deleteConsumer, listConsumers, updateConsumer } from "./jetstreamConsumers";
import type { ConsumerInfo } from "./jetstreamConsumers";
import { JetStreamError } from "./jetstreamErrors";
import { streamInfo } from "./jetstreamStreams";
import type { StreamInfo } from "./jetstreamStreams";

/**
 * Notes each consumer and where it stands beside the copy of its stream, as a consumer there that nobody reads: notes live as
 * long as the messages do. The consumers stay: a server (2.12.15) drops a work queue's messages with the last of them.
 */
export async function recordConsumers(js: JetStream, from: StreamInfo, to: StreamInfo): Promise<void> {
  const [origin, copy] = [textOf(from.config["name"]), textOf(to.config["name"])];
  await inTurns(await listConsumers(js, origin), async (consumer) => {
    const record = noteOf(copy, consumer);
    if (await consumerInfo(js, copy, consumer.name)) await updateConsumer(js, copy, record);
    else await createConsumer(js, copy, record);
  });
}

/** What is noted beside a copy. */
export async function notedConsumers(js: JetStream, copy: string): Promise<ConsumerRecord[]> {
  return (await listConsumers(js, copy)).flatMap(noted);
}

/** Makes these consumers again, each where it stood. */
export async function resumeConsumers(
  js: JetStream,
  all: readonly ConsumerRecord[],
  to: StreamInfo,
  wanted: JsonObject,
  warn: (message: string) => Promise<void>,
): Promise<void> {
  const name = textOf(to.config["name"]);
  const last = Number((await streamInfo(js, name))!.state.last_seq ?? 0);
  const retention = wanted["retention"];
  const standing = new Map((await listConsumers(js, name)).map((consumer) => [consumer.name, consumer]));
  const there = new Set(
    [...standing.values()]
      .filter(({ resumed }) => resumed || retention === "workqueue")
      .map((consumer) => consumer.name),
  );
  const records = all.filter(({ config }) => !there.has(textOf(config["name"])));
  // Work that is done is no work any more.
  if (retention === "workqueue") for (const record of records) await dropAcknowledged(js, name, record);
  await inTurns(records, async (record) => {
    const consumer = textOf(record.config["name"]);
    try {
      // A client that missed its consumer has made it, at the beginning.
      if (standing.has(consumer)) await deleteConsumer(js, name, consumer);
      await createConsumer(js, name, resumedConsumer(record, last, retention));
    } catch (error) {
      if (!(error instanceof JetStreamError) || error.status !== 400 || retention !== "workqueue") throw error;
      await warn(`consumer "${consumer}" can't be one of a work queue and is gone: ${error.message}`);
    }
  });
}

export function recordOf({ name, config, created, resumed, delivered, ack_floor }: ConsumerInfo): ConsumerRecord {
  const record = { config: { ...config, name }, created, state: { delivered, ack_floor } };
  return resumed ? { ...record, actual: resumed } : record;
}

function noteOf(copy: string, consumer: ConsumerInfo): JsonObject {
  const record = recordOf(consumer);
  const { name } = consumer;
  const metadata = { [recordKey]: formatJson(record as unknown as JsonObject) };
  const filter_subject = `${parkedSubject(copy)}.nothing`;
  return { name, durable_name: name, ack_policy: "explicit", filter_subject, metadata };
}

function noted({ config }: ConsumerInfo): ConsumerRecord[] {
  const text = ((config["metadata"] ?? {}) as JsonObject)[recordKey];
  return typeof text === "string" ? [parseJson(text) as unknown as ConsumerRecord] : [];
}

async function dropAcknowledged(js: JetStream, stream: string, { config, state }: ConsumerRecord): Promise<void> {
  const floor = Number(state.ack_floor.stream_seq);
  if (floor === 0) return;
  const several = (config["filter_subjects"] ?? []) as readonly string[];
  const single = textOf(config["filter_subject"]);
  const filters = several.length > 0 ? several : single === "" ? [undefined] : [single];
  for (const filter of filters) {
    await js.request(`STREAM.PURGE.${stream}`, { seq: floor + 1, filter }, `stream "${stream}"`);
  }
}
