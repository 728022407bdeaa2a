import type { Problem } from "../errors";
import type { SnapshotFacts } from "./streamSnapshot";

/** What a backup is, or why there is none. */
export type BackupLook =
  | { readonly facts: SnapshotFacts; readonly fault?: undefined }
  | { readonly facts?: undefined; readonly fault: Omit<Problem, "path"> };

/** A backup that is about to be restored. */
export interface OpenedBackup {
  readonly facts: SnapshotFacts;
  readonly pieces: AsyncIterable<Buffer>;
}

/** As the nats CLI names them, so that `nats stream restore DIR` takes a backup too. */
export const factsFile = "backup.json";
export const dataFile = "stream.tar.s2";
/** Ours alone; `sha256sum -c` reads it. */
export const sumFile = `${dataFile}.sha256`;

/** Of a new backup: for its stream and the time, so that none is written over. */
export function backupName(stream: string): string {
  return `${stream}-${new Date().toISOString().replace(/[:.]/g, "-")}`;
}

export function sumText(digest: string): string {
  return `${digest}  ${dataFile}\n`;
}

/** SHA-256 in hex; undefined where there is none. */
export function sumIn(text: string): string | undefined {
  return /^[0-9a-f]{64}(?= )/.exec(text)?.[0];
}
