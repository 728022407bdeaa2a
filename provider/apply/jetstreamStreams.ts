import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { StreamState } from "../plan/streamRulesLoss";
import type { JetStream } from "./jetstream";
import { errorCodes, isNotFound, JetStreamError } from "./jetstreamErrors";
import { unlessSilent } from "./unlessSilent";
import { sleep, waitFor } from "./wait";

/** STREAM.INFO, as far as we look at it. */
export interface StreamInfo {
  readonly config: JsonObject;
  readonly created: string;
  readonly state: StreamState;
  readonly cluster?: StreamCluster;
}

export interface StreamCluster {
  readonly leader?: string;
  readonly replicas?: readonly StreamPeer[];
  /** Present while the server works towards another set of peers (2.15). */
  readonly desired?: { readonly status?: { readonly description?: string } };
}

interface StreamPeer {
  readonly name: string;
  readonly current: boolean;
  readonly offline?: boolean;
  readonly lag?: number;
}

export async function createStream(js: JetStream, config: JsonObject): Promise<StreamInfo> {
  for (let tries = 1; ; tries++) {
    try {
      return infoOf(await js.request(`STREAM.CREATE.${nameOf(config)}`, config, subjectOf(config)));
    } catch (error) {
      // A server that has just deleted the account's last stream is still removing the folder that this one would be in.
      const isRace = error instanceof JetStreamError && error.code === errorCodes.noStore && tries < 5;
      if (!isRace) throw error;
      await sleep(100 * tries);
    }
  }
}

export async function updateStream(js: JetStream, config: JsonObject): Promise<StreamInfo> {
  const name = nameOf(config);
  return infoOf(await js.request(`STREAM.UPDATE.${name}`, config, subjectOf(config), name));
}

/** undefined when there is no such stream. With `subjects`, the state says how many messages each subject has. */
export async function streamInfo(
  js: JetStream,
  name: string,
  options: { readonly subjects?: boolean } = {},
): Promise<StreamInfo | undefined> {
  if (!options.subjects && js.lacks(`STREAM.INFO.${name}`)) return undefined;
  try {
    return await oneInfo(js, name, options.subjects ? { subjects_filter: ">" } : undefined);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Messages of each subject that matches. */
export async function* subjectsOf(
  js: JetStream,
  name: string,
  filter: string,
): AsyncGenerator<Readonly<Record<string, number>>> {
  for (let offset = 0; ;) {
    const { state } = await oneInfo(js, name, { subjects_filter: filter, offset });
    const subjects = state.subjects ?? {};
    const count = Object.keys(subjects).length;
    if (count > 0) yield subjects;
    offset += count;
    if (count < subjectPage) return;
  }
}

/** A server lists no more at once. */
const subjectPage = 100_000;

/** Deleting what is gone succeeds. */
export async function deleteStream(js: JetStream, name: string): Promise<void> {
  try {
    await js.request(`STREAM.DELETE.${name}`, undefined, `stream "${name}"`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** All messages, or those of the subjects that match. */
export async function purgeStream(js: JetStream, name: string, filter?: string): Promise<void> {
  await js.request(`STREAM.PURGE.${name}`, filter === undefined ? undefined : { filter }, `stream "${name}"`);
}

/** Names of all streams, or of those that store a subject that collides with `subject`. */
export async function streamNames(js: JetStream, subject?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of pages(js, "STREAM.NAMES", subject === undefined ? {} : { subject })) {
    names.push(...((page["streams"] ?? []) as readonly string[]));
  }
  return names;
}

/** All of them: one that has no leader at the moment is waited for, and an error where none comes. */
export async function listStreams(js: JetStream): Promise<StreamInfo[]> {
  const infos: StreamInfo[] = [];
  const missing = new Set<string>();
  for await (const page of pages(js, "STREAM.LIST", {})) {
    infos.push(...((page["streams"] ?? []) as unknown as readonly StreamInfo[]));
    for (const name of (page["missing"] ?? []) as readonly string[]) missing.add(name);
  }
  for (const { config } of infos) missing.delete(nameOf(config));
  const late = await Promise.all([...missing].map((name) => streamInfo(js, name)));
  return [...infos, ...late.filter((info) => info !== undefined)];
}

/**
 * Waits until the stream has a leader and exactly its replicas, all current: an update's answer comes before that.
 * Returns what is there then.
 */
export async function untilCurrent(
  js: JetStream,
  name: string,
  replicas: number,
  timeout: number,
): Promise<StreamInfo> {
  const asking = js.within(timeout);
  return waitFor<StreamInfo>(
    `stream "${name}": leader and ${replicas} current replicas`,
    { timeout, interval: 100 },
    unlessSilent<StreamInfo>(async () => {
      const info = await oneInfo(asking, name, undefined, name);
      const pending = pendingText(info.cluster, replicas);
      return pending === undefined ? { value: info } : { pending };
    }),
  );
}

/** What is still missing until leader and replicas are there; undefined when all is well. Without `replicas`, those it has. */
export function pendingText(cluster: StreamCluster | undefined, replicas?: number): string | undefined {
  // While a single one gets company, a server may say nothing of any for a moment.
  if (!cluster) return replicas !== undefined && replicas > 1 ? "no word of its replicas" : undefined;
  const { leader, replicas: others = [], desired } = cluster;
  if (!leader) return "no leader";
  if (desired) return desired.status?.description ?? "the servers change its peers";
  if (replicas !== undefined && others.length !== replicas - 1)
    return `leader ${leader} and ${others.length} other replicas`;
  const behind = others.filter((peer) => !peer.current || peer.offline);
  if (behind.length === 0) return undefined;
  return behind
    .map((peer) => `${peer.name} is ${peer.offline ? "offline" : `not current (lag ${peer.lag ?? 0})`}`)
    .join(", ");
}

async function oneInfo(
  js: JetStream,
  name: string,
  payload: JsonObject | undefined,
  there?: string,
): Promise<StreamInfo> {
  return infoOf(await js.request(`STREAM.INFO.${name}`, payload, `stream "${name}"`, there));
}

/** A listing page by page; what it lists stands under `what`. */
export async function* pages(
  js: JetStream,
  subject: string,
  payload: JsonObject,
  what = "streams",
): AsyncGenerator<JsonObject> {
  for (let offset = 0; ;) {
    const page = await js.request(subject, { ...payload, offset }, what);
    yield page;
    const count = Array.isArray(page[what]) ? page[what].length : 0;
    // A page may have less than it stands for: what has no leader at the moment is missing in it.
    offset += Math.max(count, Number(page["limit"] ?? 0));
    if (offset === 0 || offset >= Number(page["total"] ?? 0)) return;
  }
}

function infoOf(answer: JsonObject): StreamInfo {
  return answer as unknown as StreamInfo;
}

function nameOf(config: JsonObject): string {
  return textOf(config["name"]);
}

function subjectOf(config: JsonObject): string {
  return `stream "${nameOf(config)}"`;
}
