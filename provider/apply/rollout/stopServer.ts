import type { ConfMap } from "../../conf/value";
import { NatsError } from "../../errors";
import { milliseconds } from "../../model/units";
import type { Machine, ServerProcess } from "../machine/machine";
import { waitFor, WaitTimeout } from "../wait";

/** The server's own default where a configuration says nothing. */
const defaultLameDuck = 120_000;

/**
 * Takes a server out of service so that its clients move first: JetStream's leaders are handed over, clients are told and then
 * closed one after the other, and it ends by itself.
 */
export async function drainServer(machine: Machine, node: string, conf: ConfMap | undefined): Promise<void> {
  for (const server of await machine.processes(node)) {
    if (!(await machine.signal(node, server, "SIGUSR2"))) continue;
    const longest = lameDuckDuration(conf) + 30_000;
    if (!(await hasEnded(machine, node, server, longest))) await stopServer(machine, node);
  }
}

/** Ends a server at once: asked, asked again (in lame duck mode only SIGINT counts), then killed; never a process that isn't its own. */
export async function stopServer(machine: Machine, node: string): Promise<void> {
  for (const server of await machine.processes(node)) {
    for (const [signal, patience] of [
      ["SIGTERM", 15_000],
      ["SIGINT", 5_000],
      ["SIGKILL", 5_000],
    ] as const) {
      if (!(await machine.signal(node, server, signal))) break;
      if (await hasEnded(machine, node, server, patience)) break;
    }
  }
  await machine.rest?.(node);
  const left = await machine.processes(node);
  if (left.length > 0) throw new NatsError(`${node}: process ${left[0]!.pid} does not end, not even by SIGKILL`);
}

async function hasEnded(machine: Machine, node: string, server: ServerProcess, timeout: number): Promise<boolean> {
  try {
    await waitFor(`end of ${node}`, { timeout, interval: 20 }, async () => {
      const found = await machine.processes(node);
      const isThere = found.some((one) => one.pid === server.pid && one.identity === server.identity);
      return isThere ? { pending: `process ${server.pid} is there` } : { value: undefined };
    });
    return true;
  } catch (error) {
    if (error instanceof WaitTimeout) return false;
    throw error;
  }
}

function lameDuckDuration(conf: ConfMap | undefined): number {
  const value = conf?.get("lame_duck_duration");
  if (typeof value === "bigint") return Number(value) * 1000;
  return typeof value === "string" ? milliseconds(value) : defaultLameDuck;
}
