import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { NatsError, problemText } from "../errors";
import type { JsonObject } from "../model/exactJson";
import { backupDamage, sha256Of } from "./backupDamage";
import type { BackupLook, OpenedBackup } from "./backupFiles";
import { backupName, dataFile, factsFile, sumFile, sumText } from "./backupFiles";
import type { JetStream } from "./jetstream";
import { factsIn, factsText, openSnapshot } from "./streamSnapshot";
import type { Snapshot } from "./streamSnapshot";

/**
 * A stream's snapshot in a new folder `<dir>/<stream>-<time>`, for its owner only: whole, synced and read again before it has
 * its name. `said` makes the configuration that it begins with again. Returns the folder.
 */
export async function backUpToFolder(
  js: JetStream,
  stream: string,
  dir: string,
  said: (config: JsonObject) => JsonObject,
): Promise<{ readonly place: string; readonly snapshot: Snapshot }> {
  const place = path.join(dir, backupName(stream));
  const partial = `${place}.partial`;
  try {
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const snapshot = await write(js, stream, partial, said);
    const digest = await sha256Of(path.join(partial, dataFile));
    if (digest !== snapshot.digest) throw new NatsError(`${partial}: what was written is not what is read again`);
    await rename(partial, place);
    return { place, snapshot };
  } catch (error) {
    // Where nothing could be made there is nothing to remove.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof NatsError) throw error;
    const fix =
      'Fix: another backup: { dir }, or onDataLoss: "allow" where no backup is wanted any more, then `pulumi up`';
    throw new NatsError(`the backup of stream "${stream}" can't be written to ${dir}: ${message}. ${fix}`, {
      cause: error,
    });
  }
}

async function write(
  js: JetStream,
  stream: string,
  folder: string,
  said: (config: JsonObject) => JsonObject,
): Promise<Snapshot> {
  const data = await open(path.join(folder, dataFile), "wx", 0o600);
  try {
    const { config, state, pieces } = await openSnapshot(js, stream);
    const sum = createHash("sha256");
    let size = 0;
    for await (const piece of pieces) {
      sum.update(piece);
      size += piece.length;
      await data.appendFile(piece);
    }
    const snapshot = { config, state, size, digest: sum.digest("hex") };
    await data.sync();
    await writeSynced(path.join(folder, factsFile), factsText({ ...snapshot, config: said(snapshot.config) }));
    await writeSynced(path.join(folder, sumFile), sumText(snapshot.digest));
    return snapshot;
  } finally {
    await data.close();
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A look that need not be thorough reads all of a file of so many bytes at most, which takes some tenths of a second. */
const soonRead = 64 * 1024 * 1024;

/**
 * What a folder holds, a backup of ours or of `nats stream backup`, or why there is none. A `thorough` look reads all of it however
 * much that is, to see whether it is as it was written; else of many bytes only their number is looked at.
 */
export async function lookAtFolderBackup(folder: string, thorough: boolean): Promise<BackupLook> {
  const fix = `the folder that holds ${factsFile} and ${dataFile}, as onDataLoss: "backup" or \`nats stream backup\` wrote it`;
  const text = await readFile(path.join(folder, factsFile), "utf8").catch(() => undefined);
  const there = await stat(path.join(folder, dataFile)).catch(() => undefined);
  if (text === undefined || !there) return { fault: { reason: `${folder} is no backup of a stream`, fix } };
  const facts = factsIn(text);
  if (!facts) {
    return { fault: { reason: `${path.join(folder, factsFile)} does not say what the stream was`, fix } };
  }
  const isRead = thorough || there.size <= soonRead;
  const looked = isRead ? backupDamage(folder) : otherSize(folder, there.size, facts.size);
  const damage = await looked.catch((error: Error) => `${dataFile} of ${folder} can't be read: ${error.message}`);
  if (damage !== undefined)
    return { fault: { reason: damage, fix: "another backup, or a copy of this one that is whole" } };
  return { facts };
}

async function otherSize(folder: string, size: number, wanted: number | undefined): Promise<string | undefined> {
  if (wanted === undefined || wanted === size) return undefined;
  return `${path.join(folder, dataFile)} is damaged: it has ${size} bytes, and ${factsFile} says ${wanted}`;
}

/** All of it is read before. Throws NatsError where there is none that is whole. */
export async function openFolderBackup(folder: string): Promise<OpenedBackup> {
  const found = await lookAtFolderBackup(folder, true);
  if (found.fault) throw new NatsError(problemText({ path: "", ...found.fault }));
  const pieces = createReadStream(path.join(folder, dataFile), { highWaterMark: 1024 * 1024 });
  return { facts: found.facts, pieces };
}
