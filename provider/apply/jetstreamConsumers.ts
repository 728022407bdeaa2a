import { withoutZeroPause } from "../model/consumerSettled";
import { sameJson, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { saidConsumer } from "../model/replacement";
import { isServersOwn } from "../model/serversOwn";
import type { ConsumerState } from "../plan/consumerRedelivery";
import type { JetStream } from "./jetstream";
import { isNotFound } from "./jetstreamErrors";
import { pages, pendingText } from "./jetstreamStreams";
import type { StreamCluster } from "./jetstreamStreams";
import { unlessSilent } from "./unlessSilent";
import { waitFor } from "./wait";
import type { Seen } from "./wait";

/** CONSUMER.INFO, as far as we look at it. */
export interface ConsumerInfo extends ConsumerState {
  readonly stream_name: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly created: string;
  readonly cluster?: StreamCluster;
  /** Pulls that wait for messages. */
  readonly num_waiting?: number;
  /** What it starts at in fact, where it goes on for one before it; `config` and `created` are that one's. */
  readonly resumed?: JsonObject;
}

/** Fails when there is one of that name with another configuration (10148). */
export async function createConsumer(js: JetStream, stream: string, config: JsonObject): Promise<ConsumerInfo> {
  return send(js, stream, config, "create");
}

/** Fails when there is none of that name (10149). What the server changes by a request of its own (a pause) stays. */
export async function updateConsumer(js: JetStream, stream: string, config: JsonObject): Promise<ConsumerInfo> {
  return send(js, stream, config, "update");
}

/** Without a time the consumer goes on. */
export async function pauseConsumer(
  js: JetStream,
  stream: string,
  name: string,
  until: string | undefined,
): Promise<void> {
  const payload = until === undefined ? {} : { pause_until: until };
  await js.request(`CONSUMER.PAUSE.${stream}.${name}`, payload, wordsFor(stream, name));
}

/** undefined when there is no such consumer, or no such stream. */
export async function consumerInfo(js: JetStream, stream: string, name: string): Promise<ConsumerInfo | undefined> {
  const subject = `CONSUMER.INFO.${stream}.${name}`;
  if (js.lacks(subject)) return undefined;
  try {
    return infoOf(await js.request(subject, undefined, wordsFor(stream, name)));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Deleting what is gone succeeds. */
export async function deleteConsumer(js: JetStream, stream: string, name: string): Promise<void> {
  try {
    await js.request(`CONSUMER.DELETE.${stream}.${name}`, undefined, wordsFor(stream, name));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** All but those that servers make for themselves: one that has no leader at the moment is waited for, and an error where none comes. */
export async function listConsumers(js: JetStream, stream: string): Promise<ConsumerInfo[]> {
  return (await allConsumers(js, stream)).filter(({ name, config }) => !isServersOwn(name, config));
}

/** With those of the servers, as far as they list them. */
export async function allConsumers(js: JetStream, stream: string): Promise<ConsumerInfo[]> {
  const infos: ConsumerInfo[] = [];
  const missing = new Set<string>();
  for await (const page of pages(js, `CONSUMER.LIST.${stream}`, {}, "consumers")) {
    infos.push(...((page["consumers"] ?? []) as readonly JsonObject[]).map(infoOf));
    for (const name of (page["missing"] ?? []) as readonly string[]) missing.add(name);
  }
  for (const { name } of infos) missing.delete(name);
  const late = await Promise.all([...missing].map((name) => consumerInfo(js, stream, name)));
  return [...infos, ...late.filter((info) => info !== undefined)];
}

/** Waits until the consumer has a leader, current replicas, and the pause it was asked for. */
export async function untilConsumerCurrent(
  js: JetStream,
  stream: string,
  wanted: JsonObject,
  timeout: number,
): Promise<ConsumerInfo> {
  const name = textOf(wanted["name"]);
  const what = `${wordsFor(stream, name)}: leader and current replicas`;
  const asking = js.within(timeout);
  const look = async (): Promise<Seen<ConsumerInfo>> => {
    const info = await consumerInfo(asking, stream, name);
    if (!info) return { pending: "it is not there yet" };
    const pending = pendingText(info.cluster, Number(wanted["num_replicas"] ?? 0) || undefined);
    if (pending !== undefined) return { pending };
    const isPaused = sameJson(info.config["pause_until"], wanted["pause_until"]);
    return isPaused ? { value: info } : { pending: "its pause is not there yet" };
  };
  return waitFor(what, { timeout, interval: 100 }, unlessSilent(look));
}

async function send(js: JetStream, stream: string, config: JsonObject, action: string): Promise<ConsumerInfo> {
  const name = textOf(config["name"]);
  const payload = { stream_name: stream, config, action };
  return infoOf(await js.request(`CONSUMER.CREATE.${stream}.${name}`, payload, wordsFor(stream, name), stream));
}

function wordsFor(stream: string, name: string): string {
  return `consumer "${name}" of stream "${stream}"`;
}

function infoOf(answer: JsonObject): ConsumerInfo {
  const info = answer as unknown as ConsumerInfo;
  return { ...info, ...saidConsumer(withoutZeroPause(info.config), info.created) };
}
