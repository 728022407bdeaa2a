import { NatsError } from "../errors";
import { textOf } from "../model/exactJson";
import { movedTo, stageOf, withStage } from "../model/replacement";
import { leavingConfig, newbornConfig, promotedConfig } from "../plan/streamReplacement";
import type { JetStream } from "./jetstream";
import { deleteConsumer, listConsumers } from "./jetstreamConsumers";
import type { ConsumerInfo } from "./jetstreamConsumers";
import { createStream, streamInfo, untilCurrent, updateStream } from "./jetstreamStreams";
import type { StreamInfo } from "./jetstreamStreams";
import { recordOf, resumeConsumers } from "./replacedConsumers";
import { align, untilCopied } from "./streamCopy";
import { freeSubjects } from "./streamReplacement";
import type { Replacement } from "./streamReplacement";

/**
 * Makes a stream of another name that takes the place of `from`, with its messages, sequences and consumers. The old one stays, idle
 * and marked, for who ends it. Each step leaves a mark on the servers: calling this again goes on.
 */
export async function renameByMirror(replacement: Replacement, from: string): Promise<StreamInfo> {
  const { js, wanted, timeout } = replacement;
  const name = textOf(wanted["name"]);
  const replicas = Number(wanted["num_replicas"] ?? 1);
  if (!(await streamInfo(js, name))) {
    await createStream(js, newbornConfig(wanted, from));
    await untilCurrent(js, name, replicas, timeout);
  }
  if (stageOf((await streamInfo(js, name))!.config) === "mirror") await takePlace(replacement, from, name);
  // Who still reads from the old ones would do work again. A work queue drops its messages with the last of them.
  for (const consumer of await consumersOf(js, from)) await deleteConsumer(js, from, consumer.name);
  await updateStream(js, withStage(wanted, undefined));
  return untilCurrent(js, name, replicas, timeout);
}

async function takePlace(replacement: Replacement, from: string, name: string): Promise<void> {
  const { js, wanted, timeout, warn } = replacement;
  const [old, own] = [await streamInfo(js, from), (await streamInfo(js, name))!];
  if (!old) {
    const held = `"${name}" has the ${own.state.messages} messages that it had copied until then`;
    const fix = `Fix: see that they are all (\`nats stream info ${name}\`), then \`nats stream edit ${name} --no-mirror\` and import it, or delete it`;
    throw new NatsError(`stream "${from}" was deleted while "${name}" copied from it: ${held}. ${fix}`);
  }
  if (movedTo(old.config) !== name) {
    await freeSubjects(js, wanted, from);
    await untilCopied(js, old, own, timeout, "nearly");
    await updateStream(js, leavingConfig((await streamInfo(js, from))!.config, name));
  }
  await untilCopied(js, old, own, timeout, "exactly");
  await align(js, old, own);
  await resumeConsumers(js, (await listConsumers(js, from)).map(recordOf), own, wanted, warn);
  await updateStream(js, promotedConfig(wanted));
}

/** Those of a stream whose place was taken; it may be gone. */
async function consumersOf(js: JetStream, from: string): Promise<ConsumerInfo[]> {
  const old = await streamInfo(js, from);
  return old && movedTo(old.config) !== undefined ? listConsumers(js, from) : [];
}
