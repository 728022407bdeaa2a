import path from "node:path";
import { placeText, storeText } from "../model/backup";
import type { BackupPlace, RestoreSource } from "../model/backup";
import type { JsonObject } from "../model/exactJson";
import type { BackupLook, OpenedBackup } from "./backupFiles";
import { backUpToFolder, lookAtFolderBackup, openFolderBackup } from "./backupFolder";
import { backUpToStore } from "./backupStore";
import { lookAtStoreBackup, openStoreBackup } from "./backupStoreLook";
import type { JetStream } from "./jetstream";
import type { Snapshot } from "./streamSnapshot";

/**
 * A stream's snapshot in a new place of its own there, whole and read again before it counts. `said` makes the configuration that it
 * begins with again. Returns what it is called.
 */
export async function backUpTo(
  js: JetStream,
  stream: string,
  place: BackupPlace,
  said: (config: JsonObject) => JsonObject = (config) => config,
): Promise<{ readonly called: string; readonly snapshot: Snapshot }> {
  if ("bucket" in place) {
    const { name, snapshot } = await backUpToStore(js, stream, place.bucket, said);
    return { called: `${placeText(place)} as ${name}`, snapshot };
  }
  const { place: folder, snapshot } = await backUpToFolder(js, stream, path.resolve(place.dir), said);
  return { called: folder, snapshot };
}

/** What is there. A `thorough` look reads all of it. */
export async function lookAtBackup(
  js: JetStream | undefined,
  source: RestoreSource,
  thorough: boolean,
): Promise<BackupLook> {
  if ("dir" in source) return lookAtFolderBackup(path.resolve(source.dir), thorough);
  if (!js) return { fault: { reason: `no server answers that has ${storeText(source.bucket)}` } };
  return lookAtStoreBackup(js, source, thorough);
}

/** All of it is read before. Throws NatsError where there is none that is whole. */
export async function openBackup(js: JetStream, source: RestoreSource): Promise<OpenedBackup> {
  return "bucket" in source ? openStoreBackup(js, source) : openFolderBackup(path.resolve(source.dir));
}
