import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { Server } from "node:net";

/** Below the ports that systems give to outgoing connections, which may take a free one at any moment. */
const lowest = 10_240;
const highest = 32_000;

/** Ports of the loopback address that nothing listens on, all different; with `wanted`, exactly those, or it fails. */
export async function freePorts(count: number, wanted?: readonly number[]): Promise<number[]> {
  const held: { port: number; server: Server }[] = [];
  try {
    while (held.length < count) {
      const port = wanted?.[held.length] ?? randomInt(lowest, highest);
      const server = await listen(port).catch((error: unknown) => {
        if (wanted) throw error;
        return undefined;
      });
      if (server) held.push({ port, server });
    }
    return held.map(({ port }) => port);
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
  });
}
