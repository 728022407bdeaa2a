import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { NatsError } from "../errors";
import { digestText } from "../model/objectMeta";

/** What a file of this machine holds, without holding it. */
export interface FileFacts {
  readonly digest: string;
  readonly size: number;
}

/** Reads a file of any size once, piece by piece. Throws NatsError where it can't be read. */
export async function fileFacts(path: string): Promise<FileFacts> {
  try {
    const sum = createHash("sha256");
    let size = 0;
    for await (const piece of createReadStream(path)) {
      sum.update(piece as Buffer);
      size += (piece as Buffer).length;
    }
    return { digest: digestText(sum.digest()), size };
  } catch (error) {
    throw unreadable(path, error);
  }
}

export async function fileContent(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

export async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw unreadable(path, error);
  }
}

export function unreadable(path: string, error: unknown): NatsError {
  const { code, message } = error as { code?: string; message: string };
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `there is no file "${path}" (relative paths start where pulumi runs: ${process.cwd()})`,
    EISDIR: `"${path}" is a folder`,
    EACCES: `"${path}" may not be read by this user`,
  };
  return new NatsError(reasons[code ?? ""] ?? `"${path}" can't be read: ${message}`, { cause: error });
}
