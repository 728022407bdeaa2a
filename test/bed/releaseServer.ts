import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export type Answer = (response: ServerResponse) => void;

/** A web server on loopback that publishes releases, with a cache folder of its own that fetched tools go to. */
export class ReleaseServer {
  readonly dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-releases-"));
  readonly requests: string[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const url = request.url!.slice(1);
      this.requests.push(url);
      const answer = this.#answers.get(url);
      if (answer) answer(response);
      else response.writeHead(404).end();
    });
  }

  static async start(): Promise<ReleaseServer> {
    const server = new ReleaseServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a process that fetches from here has in its environment: no tool on PATH, and no Go. */
  get env(): Record<string, string> {
    return { PULUMI_NATS_DOWNLOAD_BASE: this.base, XDG_CACHE_HOME: this.dir, PATH: path.join(this.dir, "nothing") };
  }

  get cache(): string {
    return path.join(this.dir, "pulumi-nats", "tools");
  }

  answer(url: string, answer: Answer | string | Buffer): void {
    this.#answers.set(url, typeof answer === "function" ? answer : (response) => response.writeHead(200).end(answer));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A .tar.gz that holds these files. */
export async function tarGz(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = await import("tar");
  const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-tar-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
      writeFileSync(path.join(dir, name), content);
    }
    const packed = path.join(dir, "packed");
    await tar.c({ gzip: true, file: packed, cwd: dir }, Object.keys(files));
    return readFileSync(packed);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
