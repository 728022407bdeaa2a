import path from "node:path";
import { lookAtBackup, openBackup } from "../apply/backups";
import type { JetStream } from "../apply/jetstream";
import { deleteStream, streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import { restoreStream } from "../apply/streamSnapshot";
import type { SnapshotFacts } from "../apply/streamSnapshot";
import { NatsError, problemText } from "../errors";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import { ownerKey } from "../model/assetSettled";
import { dataProblems, sourceText } from "../model/backup";
import type { DataOptions, RestoreSource } from "../model/backup";
import { isObject, textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import type { StreamOptions } from "../model/stream";
import { ownerOf } from "./assetState";
import type { StreamKind } from "./streamKind";

/** What speaks against the backup that a stream would be made from, as far as a preview finds it without reading GiB. */
export async function restoreProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  js: JetStream | undefined,
  inputs: Inputs,
): Promise<Problem[]> {
  const source = inputs.restoreFrom;
  const open = kind.states.unknownSettings(inputs);
  if (!source || hasUnknown(source) || open.includes(kind.nameProperty) || open.includes("storage")) return [];
  const wanted = kind.expand(kind.states.knownSettings(inputs));
  if (dataProblems({ restoreFrom: source }, textOf(wanted["name"])).length > 0) return [];
  const found = await lookAtBackup(js, source, false);
  const fault = found.fault ?? misfit(kind, wanted, found.facts, whereIs(source));
  return fault ? [{ path: "bucket" in source ? "restoreFrom.name" : "restoreFrom.dir", ...fault }] : [];
}

/** Before a stream goes whose successor is made from a backup: all of that is read, and where it is not whole the stream stays. */
export async function mustBeRestorable(js: JetStream, name: string, { restoreFrom }: DataOptions): Promise<void> {
  if (!restoreFrom) return;
  const { fault } = await lookAtBackup(js, restoreFrom, true);
  if (fault) throw new NatsError(`${name} stays: ${problemText({ path: "", ...fault })}`);
}

/** What becomes of a stream that is gone. */
export function anew({ restoreFrom }: StreamOptions): string {
  if (!restoreFrom) return "it is made anew, empty";
  return hasUnknown(restoreFrom) ? "it is made anew from a backup" : `it is made anew from ${sourceText(restoreFrom)}`;
}

function whereIs(source: RestoreSource): string {
  return "dir" in source ? path.resolve(source.dir) : sourceText(source);
}

/** Why a server can't make that stream from the backup's. */
function misfit<Inputs extends StreamOptions>(
  { nameProperty, streamPrefix }: StreamKind<Inputs>,
  wanted: JsonObject,
  { config }: SnapshotFacts,
  where: string,
): Omit<Problem, "path"> | undefined {
  const former = textOf(config["name"]);
  if (former !== wanted["name"]) {
    const reason = `${where} holds stream "${former}", and a server restores under the same name only`;
    const isKind = former.startsWith(streamPrefix);
    return { reason, ...(isKind ? { fix: `${nameProperty}: "${former.slice(streamPrefix.length)}"` } : {}) };
  }
  const storage = (of: JsonObject): string => textOf(of["storage"]) || "file";
  if (storage(wanted) === storage(config)) return undefined;
  // Servers before 2.15 say yes to another storage and restore nothing.
  const reason = `${where} was a stream with storage "${storage(config)}", and messages are restored to the same only`;
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
  source: RestoreSource,
  urn: string | undefined,
  timeout: number,
): Promise<StreamInfo> {
  const where = whereIs(source);
  const { facts, pieces } = await openBackup(js, source);
  const name = textOf(wanted["name"]);
  const fault = misfit(kind, wanted, facts, where);
  if (fault) throw new NatsError(`stream "${name}": ${problemText({ path: "", ...fault })}`);
  const metadata = isObject(facts.config["metadata"]) ? facts.config["metadata"] : {};
  const marked = urn === undefined ? metadata : { ...metadata, [ownerKey]: urn };
  // Where it is kept is no part of what it holds: other servers may be fewer, or have none of its tags.
  const { num_replicas, placement } = wanted;
  const from = { ...facts, config: { ...facts.config, num_replicas, placement, metadata: marked } };
  const info = await restoreStream(js, from, pieces, timeout).catch(async (error: unknown) => {
    // Servers from 2.15 on have stored what came, and take it away after some seconds only: another run must not find that.
    const half = await streamInfo(js, name).catch(() => undefined);
    if (half && urn !== undefined && ownerOf(half.config) === urn) await deleteStream(js, name).catch(() => undefined);
    throw error;
  });
  const { messages } = facts.state;
  const mayExpire = Number(facts.config["max_age"] ?? 0) > 0;
  if (info.state.messages < messages && !mayExpire) {
    await deleteStream(js, name);
    throw new NatsError(
      `stream "${name}": of ${messages} messages in ${where} the server restored ${info.state.messages}; the stream was removed again. ` +
        "Fix: restore it on a server of the release that it was backed up from",
    );
  }
  return info;
}
