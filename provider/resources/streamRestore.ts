import path from "node:path";
import { openBackupFolder } from "../apply/backupFolder";
import type { JetStream } from "../apply/jetstream";
import { deleteStream } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { restoreStream } from "../apply/streamSnapshot";
import { NatsError } from "../errors";
import { ownerKey } from "../model/assetSettled";
import type { RestoreSource } from "../model/backup";
import { isObject, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";

/**
 * Makes the stream from a snapshot, with its messages, sequences and consumers; the caller then brings it to what the program
 * says. It bears our mark from the start, so that what an interruption leaves is known as ours.
 */
export async function restored(
  js: JetStream,
  wanted: JsonObject,
  { dir }: RestoreSource,
  urn: string | undefined,
  timeout: number,
): Promise<StreamInfo> {
  const folder = path.resolve(dir);
  const { facts, pieces } = await openBackupFolder(folder);
  const [name, former] = [textOf(wanted["name"]), textOf(facts.config["name"])];
  if (former !== name) {
    const reason = `${folder} holds stream "${former}", and a server restores under the same name only`;
    throw new NatsError(`stream "${name}": ${reason}. Fix: name: "${former}"`);
  }
  const storage = (config: JsonObject): string => textOf(config["storage"]) || "file";
  if (storage(wanted) !== storage(facts.config)) {
    // Servers before 2.15 say yes to another storage and restore nothing.
    const reason = `${folder} was a stream with storage "${storage(facts.config)}", and messages are restored to the same only`;
    throw new NatsError(`stream "${name}": ${reason}. Fix: storage: "${storage(facts.config)}"`);
  }
  const metadata = isObject(facts.config["metadata"]) ? facts.config["metadata"] : {};
  const marked = urn === undefined ? metadata : { ...metadata, [ownerKey]: urn };
  const info = await restoreStream(js, { ...facts, config: { ...facts.config, metadata: marked } }, pieces, timeout);
  const { messages } = facts.state;
  const mayExpire = Number(facts.config["max_age"] ?? 0) > 0;
  if (info.state.messages < messages && !mayExpire) {
    await deleteStream(js, name);
    throw new NatsError(
      `stream "${name}": of ${messages} messages in ${folder} the server restored ${info.state.messages}; the stream was removed again. ` +
        "Fix: restore it on a server of the release that it was backed up from",
    );
  }
  return info;
}
