import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { NatsError } from "../../errors";
import { findTool } from "../../tools/findTool";
import { ifThere } from "../ifThere";
import { lockFolder } from "./folderLock";
import {
  pruneGenerations,
  readGeneration,
  readNodeFolder,
  switchGeneration,
  syncFolder,
  writeGeneration,
  writeSynced,
} from "./generations";
import type { GenerationFiles, Machine, NodeFolder, Owner, OwnerSeen, PortHolder, ServerProcess } from "./machine";
import { PortHolders } from "./portHolders";
import { isStillRunning, listProcesses } from "./processTable";
import { readOwner } from "./readOwner";

/** Variables that a server inherits: nothing of what the shell or Pulumi know, so that `$NAME` in nats.conf never means one of them. */
const inherited = ["HOME", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOMAXPROCS", "GOMEMLIMIT"];
const logLimit = 32 * 1024 * 1024;

/**
 * This machine. Servers are processes in sessions of their own, found again by their command line, which names the node's
 * own nats.conf: no file with a process id can go stale and no other program is ever mistaken for a server.
 */
export class LocalMachine implements Machine {
  readonly label = "this machine";
  readonly dir: string;
  readonly #ports = new PortHolders();

  constructor(dir: string) {
    this.dir = dir;
  }

  hostOf(): string {
    return this.label;
  }

  addressOf(): string {
    return "127.0.0.1";
  }

  async owners(): Promise<OwnerSeen[]> {
    const file = path.join(this.dir, "owner.json");
    const text = await ifThere(readFile(file, "utf8"));
    if (text === undefined) return [];
    return [{ ...readOwner(text, file), place: this.dir, host: this.label, nodes: await this.nodes() }];
  }

  async writeOwner(owner: Owner | undefined): Promise<void> {
    const file = path.join(this.dir, "owner.json");
    if (owner === undefined) return rm(file, { force: true });
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    await writeSynced(`${file}.new`, `${JSON.stringify(owner, undefined, 2)}\n`, 0o600);
    await rename(`${file}.new`, file);
  }

  lock(): Promise<() => Promise<void>> {
    return lockFolder(this.dir);
  }

  async nodes(): Promise<string[]> {
    const entries = (await ifThere(readdir(this.dir, { withFileTypes: true }))) ?? [];
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }

  folder(node: string): Promise<NodeFolder | undefined> {
    return readNodeFolder(this.#dirOf(node));
  }

  readGeneration(node: string, generation: string): Promise<GenerationFiles | undefined> {
    return readGeneration(this.#dirOf(node), generation);
  }

  async writeGeneration(node: string, files: GenerationFiles): Promise<string> {
    await mkdir(this.#dirOf(node), { recursive: true, mode: 0o700 });
    return writeGeneration(this.#dirOf(node), files);
  }

  switchTo(node: string, generation: string, switchedAt?: number): Promise<void> {
    return switchGeneration(this.#dirOf(node), generation, switchedAt);
  }

  prune(node: string, keep: readonly string[]): Promise<void> {
    return pruneGenerations(this.#dirOf(node), keep);
  }

  async markRestart(node: string, reason: string): Promise<void> {
    await writeSynced(path.join(this.#dirOf(node), "restart-needed"), `${reason}\n`, 0o600);
    await syncFolder(this.#dirOf(node));
  }

  async markRemoved(node: string): Promise<void> {
    await mkdir(this.#dirOf(node), { recursive: true, mode: 0o700 });
    await writeSynced(path.join(this.#dirOf(node), "removed"), `${new Date().toISOString()}\n`, 0o600);
  }

  async remove(
    node: string,
    what: { readonly data: boolean; readonly cluster?: boolean },
  ): Promise<string | undefined> {
    const nodeDir = this.#dirOf(node);
    for (const name of ["current", "generations", "restart-needed", "server.log", "server.log.1"]) {
      await rm(path.join(nodeDir, name), { recursive: true, force: true });
    }
    await pruneGenerations(nodeDir, []);
    // Peers remember a removed server; without peers nobody does.
    if (what.cluster) await rm(path.join(nodeDir, "removed"), { force: true });
    if (what.data) await rm(nodeDir, { recursive: true, force: true });
    const left = ((await ifThere(readdir(nodeDir))) ?? []).filter((name) => name.startsWith("data"));
    return left.length > 0 ? path.join(nodeDir, left.includes("data") ? "data" : left.at(-1)!) : undefined;
  }

  async setDataAside(node: string): Promise<string | undefined> {
    const data = path.join(this.#dirOf(node), "data");
    if (!(await ifThere(stat(data)))) return undefined;
    const aside = `${data}-removed-${new Date().toISOString().replace(/[:.]/g, "-")}`;
    await rename(data, aside);
    return aside;
  }

  async validate(node: string, generation: string, version: string): Promise<string | undefined> {
    // Paths in nats.conf go through `current`, so the check gets a folder in which that is the new generation.
    const scratch = path.join(this.#dirOf(node), `.check-${randomUUID()}`);
    await mkdir(scratch, { mode: 0o700 });
    try {
      await symlink(path.join("..", "generations", generation), path.join(scratch, "current"));
      const binary = await findTool("nats-server", version);
      await promisify(execFile)(binary, ["-t", "-c", path.join(scratch, "current", "nats.conf")], {
        cwd: scratch,
        env: this.#environment(),
        timeout: 30_000,
      });
      return undefined;
    } catch (error) {
      const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
      return (stderr?.trim() || stdout?.trim() || message).replaceAll(`${scratch}/`, "");
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async start(node: string, version: string): Promise<ServerProcess> {
    const nodeDir = this.#dirOf(node);
    const binary = await findTool("nats-server", version);
    const logFile = path.join(nodeDir, "server.log");
    const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
    if (size > logLimit) await rename(logFile, `${logFile}.1`);
    const log = await open(logFile, "a", 0o600);
    try {
      const child = spawn(binary, ["-c", this.#configFile(node)], {
        cwd: nodeDir,
        env: this.#environment(),
        // A session of its own: it outlives this process, the terminal, and signals to Pulumi's process group.
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      });
      await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
      child.unref();
      return { pid: child.pid!, identity: (await this.#identityOf(node, child.pid!)) ?? "", binary };
    } catch (error) {
      throw new NatsError(`${node}: ${binary} can't be started: ${(error as Error).message}`, { cause: error });
    } finally {
      await log.close();
    }
  }

  async processes(node: string): Promise<ServerProcess[]> {
    const config = this.#configFile(node);
    const found = await listProcesses(
      (args) =>
        args.length === 3 && path.basename(args[0]!) === "nats-server" && args[1] === "-c" && args[2] === config,
    );
    return found.map(({ pid, identity, args }) => ({ pid, identity, binary: args[0]! }));
  }

  async signal(node: string, server: ServerProcess, signal: NodeJS.Signals): Promise<boolean> {
    const isSame = (await this.#identityOf(node, server.pid)) === server.identity;
    if (!isSame || !(await isStillRunning(server.pid, server.identity))) return false;
    try {
      return process.kill(server.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  }

  async logTail(node: string, lines: number): Promise<string> {
    const handle = await open(path.join(this.#dirOf(node), "server.log"), "r").catch(() => undefined);
    if (!handle) return "";
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, 64 * 1024);
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
    } finally {
      await handle.close();
    }
  }

  portHolder(_node: string, port: number, since?: number): Promise<PortHolder | undefined> {
    return this.#ports.holderOf(port, since);
  }

  #dirOf(node: string): string {
    return path.join(this.dir, node);
  }

  #configFile(node: string): string {
    return path.join(this.#dirOf(node), "current", "nats.conf");
  }

  async #identityOf(node: string, pid: number): Promise<string | undefined> {
    return (await this.processes(node)).find((found) => found.pid === pid)?.identity;
  }

  #environment(): NodeJS.ProcessEnv {
    return Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  }
}
