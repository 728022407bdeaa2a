import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { lockTool } from "../../../provider/tools/toolLock";
import { installPackages } from "../debianPackages";
import { built } from "./build";
import { packedImages } from "./images";
import { packages } from "./packages";
import { here, work } from "./paths";
import { run } from "./run";

const users = path.join(work, "users");
export const kubeconfig = path.join(work, "kubeconfig");

/** Builds everything that the bed needs, which takes many minutes once; afterwards it does nothing. */
export async function prepareCluster(): Promise<{
  readonly bin: string;
  readonly images: string;
  readonly plugin: string;
}> {
  await installPackages(packages);
  const images = await packedImages();
  return { images, bin: await built("cluster"), plugin: await built("plugin") };
}

/**
 * Takes part in the machine's one cluster: the first process starts it, afresh, and others share it.
 * Leaving ends it with the last of them.
 */
export async function joinCluster(bin: string, images: string): Promise<() => Promise<void>> {
  const own = path.join(users, String(process.pid));
  await exclusively(async () => {
    if (livingUsers().length === 0 || !existsSync(kubeconfig)) {
      await bash("down.sh", work);
      await bash("up.sh", work, bin, images);
    }
    writeFileSync(own, startOf(process.pid)!);
  });
  return () =>
    exclusively(async () => {
      rmSync(own, { force: true });
      if (livingUsers().length === 0) await bash("down.sh", work);
    });
}

async function exclusively(action: () => Promise<void>): Promise<void> {
  mkdirSync(users, { recursive: true });
  const release = await lockTool(path.join(work, "lock"));
  try {
    await action();
  } finally {
    release();
  }
}

/** Processes that use the cluster; those that were killed have left their mark, which is removed. */
function livingUsers(): string[] {
  return readdirSync(users).filter((user) => {
    const mark = path.join(users, user);
    // Another process may have its number by now.
    if (startOf(Number(user)) === readFileSync(mark, "utf8")) return true;
    rmSync(mark, { force: true });
    return false;
  });
}

/** When a process began, in the kernel's ticks; undefined where there is none. */
function startOf(process_: number): string | undefined {
  const stat = `/proc/${process_}/stat`;
  return existsSync(stat) ? readFileSync(stat, "utf8").split(") ").at(-1)!.split(" ")[19] : undefined;
}

async function bash(script: string, ...args: readonly string[]): Promise<void> {
  await run("bash", [path.join(here, script), ...args]);
}
