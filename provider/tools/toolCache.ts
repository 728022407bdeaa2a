import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { executable } from "./toolSources";
import type { ToolName } from "./toolSources";

/** Folder that keeps fetched tools between runs, one folder for each tool and version. */
export function toolCache(): string {
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "pulumi-nats", "tools");
}

export function cachedFile(name: ToolName, version: string): string {
  const file = name === "pulumi-resource-pulumi-nodejs" ? launcherFile() : executable(name);
  return path.join(toolCache(), `${name}-${version}`, file);
}

function launcherFile(): string {
  return process.platform === "win32" ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs";
}

export function isCached(name: ToolName, version: string): boolean {
  return existsSync(cachedFile(name, version));
}

/**
 * Lets `make` write the tool into a folder of its own, which becomes the cached one by a rename: an interruption leaves nothing
 * behind that looks installed. One process at a time makes a tool; others wait for it.
 */
export async function install(name: ToolName, version: string, make: (file: string) => Promise<void>): Promise<string> {
  const target = cachedFile(name, version);
  mkdirSync(toolCache(), { recursive: true });
  const release = await lock(path.dirname(target) + ".lock");
  try {
    if (existsSync(target)) return target;
    const temporary = mkdtempSync(path.join(toolCache(), ".making-"));
    try {
      await make(path.join(temporary, path.basename(target)));
      rmSync(path.dirname(target), { recursive: true, force: true });
      renameSync(temporary, path.dirname(target));
      return target;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  } finally {
    release();
  }
}

async function lock(folder: string): Promise<() => void> {
  const holder = path.join(folder, "pid");
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(holder, String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isAbandoned(folder, holder)) rmSync(folder, { recursive: true, force: true });
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isAbandoned(folder: string, holder: string): boolean {
  try {
    process.kill(Number(readFileSync(holder, "utf8")), 0);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM") return false;
    if (code === "ESRCH") return true;
    // The holder has made the folder and not written its number yet, or is just removing it.
    const age = existsSync(folder) ? Date.now() - statSync(folder).mtimeMs : 0;
    return age > 10_000;
  }
}
