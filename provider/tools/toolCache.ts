import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { isGone, lockTool } from "./toolLock";
import { executable } from "./toolSources";
import type { ToolName, ToolSource } from "./toolSources";

/** Folder that keeps fetched tools between runs, one folder for each tool and version. */
export function toolCache(): string {
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "pulumi-nats", "tools");
}

/** Where the cache keeps a tool that comes from that source. */
export function cachedFile(name: ToolName, source: Pick<ToolSource, "folder">): string {
  return path.join(toolCache(), source.folder, executable(name));
}

/** The first of the sources whose tool is in the cache. */
export function cachedSource(name: ToolName, sources: readonly ToolSource[]): ToolSource | undefined {
  return sources.find((source) => existsSync(cachedFile(name, source)));
}

/**
 * Lets `make` write files into a folder of its own and moves them to the cached one, the tool itself last: an interruption leaves
 * nothing behind that looks installed. One process at a time makes a tool; others wait for it, and have it then.
 */
export async function install(
  name: ToolName,
  source: ToolSource,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const target = cachedFile(name, source);
  mkdirSync(toolCache(), { recursive: true });
  const release = await lockTool(path.join(toolCache(), `${source.folder}.lock`));
  try {
    if (existsSync(target)) return target;
    sweep();
    const temporary = mkdtempSync(path.join(toolCache(), `.making-${process.pid}-`));
    try {
      await make(temporary);
      moveFiles(temporary, target);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    return target;
  } finally {
    release();
  }
}

function moveFiles(from: string, target: string): void {
  const folder = path.dirname(target);
  const last = path.basename(target);
  mkdirSync(folder, { recursive: true });
  for (const file of [...readdirSync(from).filter((name) => name !== last), last]) {
    renameSync(path.join(from, file), path.join(folder, file));
  }
}

/** Removes what processes that were killed half way have left. */
function sweep(): void {
  for (const entry of readdirSync(toolCache())) {
    const process = /^\.making-(\d+)-/.exec(entry)?.[1];
    if (process !== undefined && isGone(Number(process))) {
      rmSync(path.join(toolCache(), entry), { recursive: true, force: true });
    }
  }
}
