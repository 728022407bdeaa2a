import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { Server } from "node:net";

/** Below the ports that systems give to outgoing connections, which may take a free one at any moment. */
const lowest = 10_000;
const blockSize = 500;
const blocks = 44;

/** First port of this process's block. Listening on it for life keeps other test processes off the rest of the block. */
let block: Promise<number> | undefined;
let next = 1;

/** Ports of the loopback address that nothing listens on, all different; with `wanted`, exactly those, or it fails. */
export async function freePorts(count: number, wanted?: readonly number[]): Promise<number[]> {
  if (wanted) return free(wanted);
  const found: number[] = [];
  while (found.length < count) {
    const [port] = await candidates(1);
    found.push(...(await free([port!]).catch(() => [])));
  }
  return found;
}

/** First of so many ports in a row that nobody listens on. */
export async function freePortRange(count: number): Promise<number> {
  for (let attempt = 0; attempt < blockSize; attempt++) {
    const [first] = await free(await candidates(count)).catch((): number[] => []);
    if (first !== undefined) return first;
  }
  throw new Error(`there are no ${count} free ports in a row`);
}

/** The next ones of the block; the same ones again only after all the others. */
async function candidates(count: number): Promise<number[]> {
  const first = await (block ??= ownBlock());
  if (next + count > blockSize) next = 1;
  const ports = Array.from({ length: count }, (_, index) => first + next + index);
  next += count;
  return ports;
}

async function ownBlock(): Promise<number> {
  const start = randomInt(blocks);
  for (let index = 0; index < blocks; index++) {
    const first = lowest + ((start + index) % blocks) * blockSize;
    const holder = await listen(first).catch(() => undefined);
    if (!holder) continue;
    holder.unref();
    return first;
  }
  throw new Error("every block of ports is in use by another test process");
}

/** The ports themselves, where nothing listens on any of them; rejects with the first that is in use. */
async function free(ports: readonly number[]): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (const port of ports) servers.push(await listen(port));
    return [...ports];
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
  });
}
