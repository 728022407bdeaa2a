import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
import type { PortHolder } from "./machine";

/** What is asked for so shortly after another port, in milliseconds, is answered by the same look. */
const lasting = 100;

/** Who listens on the TCP ports of this machine, on any of its addresses. */
export class PortHolders {
  #seen: { readonly at: number; readonly sockets: ListeningSockets } | undefined;

  /** As it was no earlier than `since`. */
  async holderOf(port: number, since = Date.now() - lasting): Promise<PortHolder | undefined> {
    if (process.platform !== "linux") return holderByLsof(port);
    // The kernel walks through all connections for each look.
    if (!this.#seen || this.#seen.at < since) this.#seen = { at: Date.now(), sockets: new ListeningSockets() };
    return this.#seen.sockets.holderOf(port);
  }
}

class ListeningSockets {
  readonly #byPort = new Map<number, string[]>();
  #processes: ReadonlyMap<string, string> | undefined;

  constructor() {
    for (const table of ["net/tcp", "net/tcp6"]) {
      for (const line of orNothing(() => readFileSync(`/proc/${table}`, "utf8"), "").split("\n")) {
        const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
        if (state !== "0A" || local === undefined) continue;
        const port = parseInt(local.slice(local.indexOf(":") + 1), 16);
        this.#byPort.set(port, [...(this.#byPort.get(port) ?? []), `socket:[${inode}]`]);
      }
    }
  }

  holderOf(port: number): PortHolder | undefined {
    const sockets = this.#byPort.get(port);
    if (!sockets) return undefined;
    this.#processes ??= holdersOf(new Set([...this.#byPort.values()].flat()));
    const pid = sockets.map((socket) => this.#processes!.get(socket)).find((found) => found !== undefined);
    return pid === undefined ? { pid: undefined, command: undefined } : described(pid);
  }
}

/** By socket, the process that holds it, as far as this user may see. */
function holdersOf(sockets: ReadonlySet<string>): ReadonlyMap<string, string> {
  const holders = new Map<string, string>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const each of orNothing(() => readdirSync(`/proc/${pid}/fd`), [])) {
      const target = orNothing(() => readlinkSync(`/proc/${pid}/fd/${each}`), "");
      if (sockets.has(target) && !holders.has(target)) holders.set(target, pid);
    }
  }
  return holders;
}

function described(pid: string): PortHolder {
  const command = orNothing(() => readFileSync(`/proc/${pid}/comm`, "utf8"), "").trim();
  const args = orNothing(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"), "").split("\0");
  const folder = clusterFolder(args[args.indexOf("-c") + 1] ?? "");
  return { pid: Number(pid), command: command || undefined, ...(folder === undefined ? {} : { folder }) };
}

/** What is gone, or another user's, tells nothing. */
function orNothing<Value>(look: () => Value, nothing: Value): Value {
  try {
    return look();
  } catch {
    return nothing;
  }
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
