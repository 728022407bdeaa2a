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

/** First of so many ports in a row that nobody listens on. */
export async function freePortRange(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const [first] = (await freePorts(1)) as [number];
    const range = Array.from({ length: count }, (_, index) => first + index);
    const isFree = await freePorts(count, range).then(
      () => true,
      () => false,
    );
    if (isFree) return first;
  }
  throw new Error(`there are no ${count} free ports in a row`);
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
  });
}
