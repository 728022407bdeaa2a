import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import type { PortHolder } from "./machine";

/** Who listens on a TCP port of this machine, on any of its addresses. */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  return process.platform === "linux" ? holderOnLinux(port) : holderByLsof(port);
}

async function holderOnLinux(port: number): Promise<PortHolder | undefined> {
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const local = fields[1]?.split(":")[1];
      const isListening = fields[3] === "0A";
      if (isListening && local !== undefined && parseInt(local, 16) === port) inodes.add(fields[9]!);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const command = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
      const args = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
      const folder = clusterFolder(args[args.indexOf("-c") + 1] ?? "");
      return { pid: Number(pid), command: command || undefined, ...(folder === undefined ? {} : { folder }) };
    }
  }
  return { pid: undefined, command: undefined };
}

/** By the configuration that a server of ours was started with. */
function clusterFolder(config: string): string | undefined {
  return /^(.+)\/[^/]+\/current\/nats\.conf$/.exec(config)?.[1];
}

async function holderByLsof(port: number): Promise<PortHolder | undefined> {
  // lsof ends with 1 when nothing matches.
  const found = await promisify(execFile)("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], {
    timeout: 10_000,
  }).catch(() => ({ stdout: "" }));
  const pid = /^p(\d+)/m.exec(found.stdout)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), command: /^c(.+)/m.exec(found.stdout)?.[1] };
}
