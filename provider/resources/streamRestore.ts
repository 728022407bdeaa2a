import path from "node:path";
import { lookAtBackup, openBackupFolder } from "../apply/backupFolder";
import type { JetStream } from "../apply/jetstream";
import { deleteStream } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { restoreStream } from "../apply/streamSnapshot";
import type { SnapshotFacts } from "../apply/streamSnapshot";
import { NatsError, problemText } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import { ownerKey } from "../model/assetSettled";
import type { DataOptions, RestoreSource } from "../model/backup";
import { isObject, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { StreamOptions } from "../model/stream";
import type { StreamKind } from "./streamKind";

/** What speaks against the folder that a stream would be made from, as far as a preview finds it without reading GiB. */
export async function restoreProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  inputs: Inputs,
): Promise<Problem[]> {
  const source: { readonly dir?: unknown } | undefined = inputs.restoreFrom;
  const open = kind.states.unknownSettings(inputs);
  if (typeof source?.dir !== "string" || source.dir === "" || hasUnknown(source)) return [];
  if (open.includes(kind.nameProperty) || open.includes("storage")) return [];
  const folder = path.resolve(source.dir);
  const found = await lookAtBackup(folder, false);
  const fault = found.fault ?? misfit(kind, kind.expand(kind.states.knownSettings(inputs)), found.facts, folder);
  return fault ? [{ path: "restoreFrom.dir", ...fault }] : [];
}

/** Before a stream goes whose successor is made from a backup: all of that is read, and where it is not whole the stream stays. */
export async function mustBeRestorable(name: string, { restoreFrom }: DataOptions): Promise<void> {
  if (!restoreFrom) return;
  const { fault } = await lookAtBackup(path.resolve(restoreFrom.dir), true);
  if (fault) throw new NatsError(`${name} stays: ${problemText({ path: "", ...fault })}`);
}

/** What becomes of a stream that is gone. */
export function anew({ restoreFrom }: StreamOptions): string {
  if (!restoreFrom) return "it is made anew, empty";
  return hasUnknown(restoreFrom) ? "it is made anew from a backup" : `it is made anew from ${restoreFrom.dir}`;
}

/** Why a server can't make that stream from the folder's. */
function misfit<Inputs extends StreamOptions>(
  { nameProperty, streamPrefix }: StreamKind<Inputs>,
  wanted: JsonObject,
  { config }: SnapshotFacts,
  folder: string,
): Omit<Problem, "path"> | undefined {
  const former = textOf(config["name"]);
  if (former !== wanted["name"]) {
    const reason = `${folder} holds stream "${former}", and a server restores under the same name only`;
    const isKind = former.startsWith(streamPrefix);
    return { reason, ...(isKind ? { fix: `${nameProperty}: "${former.slice(streamPrefix.length)}"` } : {}) };
  }
  const storage = (of: JsonObject): string => textOf(of["storage"]) || "file";
  if (storage(wanted) === storage(config)) return undefined;
  // Servers before 2.15 say yes to another storage and restore nothing.
  const reason = `${folder} was a stream with storage "${storage(config)}", and messages are restored to the same only`;
  return { reason, fix: `storage: "${storage(config)}"` };
}

/**
 * Makes the stream from a snapshot, with its messages, sequences and consumers; the caller then brings it to what the program
 * says. It bears our mark from the start, so that what an interruption leaves is known as ours.
 */
export async function restored<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream,
  wanted: JsonObject,
  { dir }: RestoreSource,
  urn: string | undefined,
  timeout: number,
): Promise<StreamInfo> {
  const folder = path.resolve(dir);
  const { facts, pieces } = await openBackupFolder(folder);
  const name = textOf(wanted["name"]);
  const fault = misfit(kind, wanted, facts, folder);
  if (fault) throw new NatsError(`stream "${name}": ${problemText({ path: "", ...fault })}`);
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
