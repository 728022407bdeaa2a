import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** Ports of the loopback address that nothing listens on, all different; with `wanted`, exactly those, or it fails. */
export async function freePorts(count: number, wanted?: readonly number[]): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const server = createServer();
      await new Promise<void>((resolve, reject) =>
        server.once("error", reject).listen(wanted?.[index] ?? 0, "127.0.0.1", resolve),
      );
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
