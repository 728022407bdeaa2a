import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

/** A way to a server that can be slow, and can be cut while something is under way. */
export class TcpProxy {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  /** Milliseconds that everything takes in each direction. */
  delay = 0;
  /** Cuts the connection once, right after a client has said this; the server hears it, the answer is lost. */
  cutAfter: string | undefined;
  /** How often it was cut. */
  cuts = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on("connection", (client) => proxy.#join(client, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
      socket.on("error", () => socket.destroy());
    }
    client.on("close", () => server.end());
    server.on("close", () => client.destroy());
    let isCut = false;
    client.on("data", (data) => {
      const cuts = this.cutAfter !== undefined && data.includes(this.cutAfter);
      if (cuts) {
        this.cutAfter = undefined;
        this.cuts += 1;
        isCut = true;
      }
      this.#later(() => {
        server.write(data);
        // What the server has read, it does.
        if (cuts) client.destroy();
      });
    });
    server.on("data", (data) => this.#later(() => void (isCut || client.write(data))));
  }

  #later(work: () => void): void {
    if (this.delay === 0) work();
    else setTimeout(work, this.delay);
  }
}
