import { progress } from "../../provider/tools/progress";
import { lockTool } from "../../provider/tools/toolLock";
import { command, mustRun } from "./bedCommand";

/** One after the other, whatever bed they are for: apt's own locks fail instead of waiting, and one install removes the other's archives. */
const lock = "/run/pulumi-nats-apt.lock";

/** Installs the packages whose commands or files are missing. Only for root, on Debian and its kin. */
export async function installPackages(packageOf: Readonly<Record<string, string>>): Promise<void> {
  if ((await missing(packageOf)).length === 0) return;
  const release = await lockTool(lock);
  try {
    const names = await missing(packageOf);
    if (names.length === 0) return;
    const done = progress(`installing ${names.join(", ")}`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    // Another program's install is waited for.
    const options = ["-q", "-y", "-o", "DPkg::Lock::Timeout=300"];
    await mustRun("apt-get", [...options, "update"], { env });
    await mustRun("apt-get", [...options, "install", "--no-install-recommends", ...names], { env });
    done("done");
  } finally {
    release();
  }
}

async function missing(packageOf: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(packageOf).map(async ([file, name]) => ((await isThere(file)) ? [] : [name])),
  );
  return [...new Set(found.flat())];
}

async function isThere(file: string): Promise<boolean> {
  return (await command("sh", ["-c", 'command -v "$0"', file])).code === 0;
}
