import type { JetStream } from "../apply/jetstream";
import { listConsumers } from "../apply/jetstreamConsumers";
import type { ConsumerInfo } from "../apply/jetstreamConsumers";
import { listStreams } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { bucketProblem, objectStorePrefix } from "../model/bucketName";
import { flattenConsumer } from "../model/consumer";
import { sameJson, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { expandKeyValue, flattenKeyValue, keyValuePrefix } from "../model/keyValue";
import { expandObjectStore, flattenObjectStore } from "../model/objectStore";
import { flattenStream } from "../model/stream";
import type { ProgramResource } from "../render/program";
import { ownerOf } from "../resources/assetState";

export interface Discovery {
  readonly resources: readonly ProgramResource[];
  /** What is there and was left out, in words. */
  readonly notes: readonly string[];
}

/** Listings at a time. */
const atOnce = 50;

/** Everything of an account that a program can declare, streams with their consumers behind them. */
export async function discoverAccount(js: JetStream): Promise<Discovery> {
  const streams = (await listStreams(js)).sort((a, b) => compare(a.config["name"], b.config["name"]));
  const notes: string[] = [];
  const resources: ProgramResource[] = [];
  const taken = new Set<string>();
  const consumersOf = new Map<string, readonly ConsumerInfo[]>();
  for (let start = 0; start < streams.length; start += atOnce) {
    const names = streams.slice(start, start + atOnce).map(({ config }) => textOf(config["name"]));
    await Promise.all(names.map(async (name) => consumersOf.set(name, await listConsumers(js, name))));
  }
  for (const { config } of streams) {
    const name = textOf(config["name"]);
    const home = { ...declared(config, js.serverVersion), ...owned(config) };
    resources.push(home);
    const consumers = [...consumersOf.get(name)!].sort((a, b) => compare(a.config["name"], b.config["name"]));
    for (const { config: consumer } of consumers) {
      const consumerName = textOf(consumer["name"]) || textOf(consumer["durable_name"]);
      if (textOf(consumer["durable_name"]) === "") {
        notes.push(
          `consumer "${consumerName}" of stream "${name}" is not durable: it ends with its client, so it was left out`,
        );
        continue;
      }
      const { name: _own, ...rest } = flattenConsumer(consumer);
      resources.push({
        kind: "Consumer",
        name: unusedName(`${name}-${consumerName}`, taken),
        id: `${name}/${consumerName}`,
        ...owned(consumer),
        props: { name: consumerName, ...rest },
        links: { stream: { kind: home.kind, name: home.name, output: home.kind === "Stream" ? "name" : "stream" } },
      });
    }
  }
  return { resources, notes };
}

/** Whose it is: its program has to let it go before this one takes it in. */
function owned(config: JsonObject): { readonly comment?: string } {
  const owner = ownerOf(config);
  if (owner === undefined) return {};
  return { comment: `Belongs to ${owner}: take it out of that program first, with retainOnDelete: true there.` };
}

/** Consumer "C" of stream "A-B" and "B-C" of "A" can't both be "A-B-C". */
function unusedName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
  taken.add(name);
  return name;
}

/** The stream, as the bucket that it is where it is one. */
function declared(config: JsonObject, version: string): ProgramResource {
  for (const { kind, prefix, expand, flatten } of buckets) {
    const name = textOf(config["name"]);
    if (!name.startsWith(prefix)) continue;
    const inputs = flatten(config, version);
    const { bucket, ...props } = inputs;
    const problems: Problem[] = [];
    const same = sameJson(expand(inputs, problems)["subjects"], config["subjects"] ?? undefined);
    if (same && problems.length === 0 && !bucketProblem("bucket", bucket))
      return { kind, name: bucket, id: bucket, props };
  }
  const { name, ...props } = flattenStream(config, version);
  return { kind: "Stream", name, id: name, props };
}

const buckets = [
  { kind: "KeyValue", prefix: keyValuePrefix, expand: expandKeyValue, flatten: flattenKeyValue },
  { kind: "ObjectStore", prefix: objectStorePrefix, expand: expandObjectStore, flatten: flattenObjectStore },
] as const;

function compare(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : 1;
}
