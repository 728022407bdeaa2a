import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { fakeKubeconfig } from "./fakeKubeconfig";
import { acceptWebSocket } from "./webSocket";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** An API server of objects by path: lists, merge patches of one level, deletions with preconditions. */
export class FakeKube {
  readonly objects: Map<string, Record<string, unknown>>;
  readonly asked: Asked[] = [];
  /** Answers that come in place of what the objects say, by "METHOD path". */
  readonly answers = new Map<string, { readonly status: number; readonly message: string }>();
  /** What runs in pods, by the path of `exec`: has the connection once it is open. */
  readonly programs = new Map<string, (socket: Duplex) => void>();
  readonly #server: http.Server;
  readonly #open = new Set<Duplex>();

  private constructor(objects: Readonly<Record<string, object>>) {
    this.objects = new Map(Object.entries(objects) as [string, Record<string, unknown>][]);
    this.#server = http.createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        const path = request.url!.replace(/\?.*/, "");
        const body = text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
        this.asked.push({ method: request.method!, path, body });
        const { status, value } = this.#answer(request.method!, path, body ?? {});
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      });
    });
    this.#server.on("upgrade", (request, socket) => {
      const path = request.url!.replace(/\?.*/, "");
      this.asked.push({ method: request.method!, path, body: undefined });
      const program = this.programs.get(path);
      this.#open.add(socket);
      if (program) return program(acceptWebSocket(request, socket));
      const { status } = this.answers.get(`GET ${path}`) ?? { status: 404 };
      socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Length: 0\r\n\r\n`);
    });
  }

  static async start(objects: Readonly<Record<string, object>> = {}): Promise<FakeKube> {
    const fake = new FakeKube(objects);
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get kubeconfig(): string {
    return fakeKubeconfig((this.#server.address() as AddressInfo).port);
  }

  /** What was asked other than to look. */
  changes(): string[] {
    return this.asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(method: string, path: string, body: Record<string, unknown>): { status: number; value: object } {
    const given = this.answers.get(`${method} ${path}`);
    if (given) return { status: given.status, value: { reason: "Given", message: given.message } };
    const object = this.objects.get(path);
    if (method === "GET" && !object) {
      const items = [...this.objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, value]) => value);
      if (items.length > 0 || /s$/.test(path)) return { status: 200, value: { items } };
    }
    if (!object) return { status: 404, value: { reason: "NotFound", message: `${path} not found` } };
    if (method === "PATCH") this.objects.set(path, merged(object, body));
    if (method === "DELETE") {
      const { uid } = object["metadata"] as { uid?: string };
      const wanted = (body["preconditions"] as { uid?: string } | undefined)?.uid;
      if (wanted !== undefined && wanted !== uid) return { status: 409, value: { reason: "Conflict", message: "uid" } };
      this.objects.delete(path);
    }
    return { status: 200, value: this.objects.get(path) ?? {} };
  }
}

function merged(object: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const result = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (typeof value === "object" && !Array.isArray(value)) {
      result[key] = merged((result[key] ?? {}) as Record<string, unknown>, value as Record<string, unknown>);
    } else result[key] = value;
  }
  return result;
}
