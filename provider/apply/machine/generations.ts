import { randomUUID } from "node:crypto";
import { lstat, lutimes, mkdir, open, readdir, readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { ifThere } from "../ifThere";
import type { GenerationFiles, NodeFolder } from "./machine";

const folderMode = 0o700;

/** What lies in a node's folder, or undefined when there is none. */
export async function readNodeFolder(nodeDir: string): Promise<NodeFolder | undefined> {
  const names = await ifThere(readdir(nodeDir));
  if (!names) return undefined;
  const link = path.join(nodeDir, "current");
  const target = await readlink(link).catch(() => undefined);
  const mark = path.join(nodeDir, "restart-needed");
  return {
    current: target === undefined ? undefined : path.basename(target),
    switchedAt: await modifiedAt(link),
    generations: await listGenerations(nodeDir),
    restartMark: names.includes("restart-needed")
      ? { reason: (await readFile(mark, "utf8")).trim(), markedAt: (await modifiedAt(mark)) ?? 0 }
      : undefined,
    removedAt: await modifiedAt(path.join(nodeDir, "removed")),
  };
}

async function listGenerations(nodeDir: string): Promise<string[]> {
  const names = (await ifThere(readdir(path.join(nodeDir, "generations")))) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
}

/** Writes all files under another name first: a generation is there completely, also after a power cut, or not at all. */
export async function writeGeneration(nodeDir: string, files: GenerationFiles): Promise<string> {
  const parent = path.join(nodeDir, "generations");
  await mkdir(parent, { recursive: true, mode: folderMode });
  const temporary = path.join(parent, `.new-${randomUUID()}`);
  const folders = new Set([temporary]);
  for (const [name, file] of Object.entries(files)) {
    const target = path.join(temporary, name);
    await mkdir(path.dirname(target), { recursive: true, mode: folderMode });
    folders.add(path.dirname(target));
    await writeSynced(target, file.content, file.mode);
  }
  for (const folder of folders) await syncFolder(folder);
  const last = (await listGenerations(nodeDir)).at(-1) ?? "0";
  const name = String(Number(last) + 1);
  await rename(temporary, path.join(parent, name));
  await syncFolder(parent);
  return name;
}

export async function readGeneration(nodeDir: string, generation: string): Promise<GenerationFiles | undefined> {
  const root = path.join(nodeDir, "generations", generation);
  const entries = await ifThere(readdir(root, { recursive: true, withFileTypes: true }));
  if (!entries) return undefined;
  const files: Record<string, { content: string; mode: number }> = {};
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const mode = (await lstat(file)).mode & 0o777;
    files[path.relative(root, file)] = { content: await readFile(file, "utf8"), mode };
  }
  return files;
}

/** One rename: whoever reads `current` sees the old or the new generation, nothing else. */
export async function switchGeneration(nodeDir: string, generation: string, switchedAt?: number): Promise<void> {
  const temporary = path.join(nodeDir, `.current-${randomUUID()}`);
  await symlink(path.join("generations", generation), temporary);
  if (switchedAt !== undefined) await lutimes(temporary, switchedAt / 1000, switchedAt / 1000);
  await rename(temporary, path.join(nodeDir, "current"));
  await syncFolder(nodeDir);
}

/** Removes all generations but `keep`, and what a killed rollout left half written. */
export async function pruneGenerations(nodeDir: string, keep: readonly string[]): Promise<void> {
  const parent = path.join(nodeDir, "generations");
  for (const name of await readdir(parent).catch((): string[] => [])) {
    if (!keep.includes(name)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
  for (const name of await readdir(nodeDir).catch((): string[] => [])) {
    if (/^\.(current|check)-/.test(name)) await rm(path.join(nodeDir, name), { recursive: true, force: true });
  }
}

export async function writeSynced(file: string, content: string, mode: number): Promise<void> {
  const handle = await open(file, "w", mode);
  try {
    await handle.writeFile(content);
    // The mode of open is cut by the umask.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function modifiedAt(file: string): Promise<number | undefined> {
  return (await lstat(file).catch(() => undefined))?.mtimeMs;
}
