import { streamInfo } from "../apply/jetstreamStreams";
import type { StreamInfo } from "../apply/jetstreamStreams";
import type { Problem } from "../errors";
import { hasUnknown } from "../host/handler";
import { dataProblems, keptAt, storeText } from "../model/backup";
import { objectStorePrefix } from "../model/bucketName";
import { textOf } from "../model/exactJson";
import type { JsonObject } from "../model/exactJson";
import { atLeast } from "../model/serverRelease";
import { sizeText } from "../model/sizeText";
import type { StreamOptions } from "../model/stream";
import { roomIn } from "./accountRoom";
import { isComing } from "./comingStores";
import type { Reachable } from "./jetstreamOf";
import { called } from "./streamKind";
import type { StreamKind } from "./streamKind";

/** A stream that the program wants kept before what it holds goes. */
export interface ToKeep {
  readonly config: JsonObject;
  /** The stream as it is; undefined where it is to be made. */
  readonly info?: StreamInfo | undefined;
  /** A backup is taken now: what speaks against it stops the change. Else it is only told. */
  readonly isDue: boolean;
  /** What keeps the messages without a backup, as one would write it. */
  readonly instead?: string | undefined;
}

/** Why no backup could be taken where the program wants one, found before anything changes. */
export async function backupProblems<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  live: Reachable,
  options: StreamOptions,
  kept: ToKeep,
): Promise<Problem[]> {
  const place = keptAt(options);
  if (place === undefined) return [];
  const severity = kept.isDue ? "error" : "warning";
  const fault = snapshotFault(kind, kept.config, live.facts.version, kept.instead);
  const problems: Problem[] = fault ? [{ path: "onDataLoss", ...fault, severity }] : [];
  const isStore = !hasUnknown(place) && "bucket" in place && dataProblems({ backup: place }, "").length === 0;
  if (isStore) problems.push(...(await storeProblems(live, place.bucket, kept, severity)));
  return problems;
}

/** Why the server takes no snapshot of that stream. */
export function snapshotFault<Inputs extends StreamOptions>(
  kind: StreamKind<Inputs>,
  config: JsonObject,
  version: string,
  instead?: string,
): Omit<Problem, "path"> | undefined {
  if (config["storage"] !== "memory" || atLeast(version, "2.15")) return undefined;
  const name = called(kind, textOf(config["name"]).slice(kind.streamPrefix.length));
  const reason = `${name} is in memory, and nats-server ${version} takes no snapshot of that (10064); 2.15 and later do`;
  const others = instead === undefined ? "" : `, or ${instead}, which keeps the messages`;
  return { reason, fix: `upgrade the servers first, or onDataLoss: "allow"${others}` };
}

async function storeProblems(
  { js, account }: Reachable,
  bucket: string,
  { info, isDue }: ToKeep,
  severity: "error" | "warning",
): Promise<Problem[]> {
  const path = "backup.bucket";
  const stream = objectStorePrefix + bucket;
  const store = await streamInfo(js, stream);
  if (!store) {
    if (isComing(js, stream)) return [];
    const fix = `make it before, by new nats.ObjectStore("${bucket}") and backup: { bucket: backups.bucket }`;
    return [{ path, reason: `there is no ${storeText(bucket)}`, fix, severity }];
  }
  const { config, state } = store;
  const problems: Problem[] = [];
  if (config["sealed"] === true) {
    const reason = `${storeText(bucket)} is sealed: nothing can be written to it any more`;
    problems.push({ path, reason, fix: "another object store", severity });
  }
  if (Number(config["max_age"] ?? 0) > 0) {
    const reason = `${storeText(bucket)} has a ttl, after which backups are gone`;
    problems.push({ path, reason, fix: "an object store without ttl", severity: "warning" });
  }
  if (!info || !isDue) return problems;
  const most = Number(config["max_bytes"] ?? -1);
  const medium = config["storage"] === "memory" ? "memory" : "file";
  const free = most > 0 ? most - state.bytes : roomIn(account, medium, Number(config["num_replicas"] ?? 1));
  if (free === undefined || free >= info.state.bytes) return problems;
  const whose = most > 0 ? storeText(bucket) : "the account";
  const fix =
    most > 0 ? "raise its maxBytes, or delete something in it" : "raise the account's limit, or delete something";
  // How small it becomes is not known before; so little is too little for any.
  const isFull = free < leastBackup;
  const reason = isFull
    ? `${whose} is full: it has room for ${sizeText(Math.max(0, free))}`
    : `${sizeText(info.state.bytes)} are to be backed up, and ${whose} has room for ${sizeText(free)}: where a snapshot does not fit, \`up\` stops before anything is deleted`;
  return [...problems, { path, reason, fix, severity: isFull ? "error" : "warning" }];
}

/** Bytes: the entries of its objects and what the stream was take more. */
const leastBackup = 2048;
