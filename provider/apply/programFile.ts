import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { NatsError } from "../errors";
import { elfArchitecture } from "../tools/elfArchitecture";
import { unreadable } from "./localFile";

/** A program for Linux in a file of this machine. */
export interface ProgramFile {
  readonly sha256: string;
  /** What it runs on, in node's words: "x64", "arm64". */
  readonly architecture: string;
}

const read = new Map<string, ProgramFile & { readonly mark: string }>();

/** Reads it once in a process as long as it stays the same. Throws NatsError where it can't be read, or is no program for Linux. */
export function programFile(file: string): ProgramFile {
  try {
    const { size, mtimeMs } = statSync(file);
    const mark = `${size} ${mtimeMs}`;
    const kept = read.get(file);
    if (kept?.mark === mark) return kept;
    const content = readFileSync(file);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const found = { mark, sha256, architecture: architectureOf(file, content) };
    read.set(file, found);
    return found;
  } catch (error) {
    throw error instanceof NatsError ? error : unreadable(file, error);
  }
}

function architectureOf(file: string, content: Buffer): string {
  const architecture = elfArchitecture(content);
  if (architecture !== undefined) return architecture;
  throw new NatsError(`"${file}" is no program for Linux that a host could run`, {
    fix: "the file nats-server out of the release's archive for linux",
  });
}
