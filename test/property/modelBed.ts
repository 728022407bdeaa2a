import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findTool } from "../../provider/tools/findTool";

/** A folder with certificates, and a server that reads configurations in it. */
export class ModelBed {
  readonly dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-model-"));
  readonly server: string;

  private constructor(server: string) {
    this.server = server;
    const key = path.join(this.dir, "key.pem");
    const cert = path.join(this.dir, "cert.pem");
    const made = spawnSync(
      "openssl",
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=model -keyout ${key} -out ${cert}`.split(" "),
      { encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(made.stderr);
  }

  static async open(version = "2.15.2"): Promise<ModelBed> {
    return new ModelBed(await findTool("nats-server", version));
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  fill(text: string): string {
    const files: Record<string, string> = { cert: "cert.pem", key: "key.pem", ca: "cert.pem", dir: "" };
    return text.replace(/\{(cert|key|ca|dir)\}/g, (_, name: string) => path.join(this.dir, files[name]!));
  }

  /** What `nats-server -t` says to each text: undefined where it takes it, else its complaint. */
  async verdicts(texts: readonly string[]): Promise<{ refused: boolean; said: string }[]> {
    const results: { refused: boolean; said: string }[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < texts.length; index = next++)
        results[index] = await this.#verdict(texts[index]!, index);
    };
    await Promise.all(Array.from({ length: 4 }, worker));
    return results;
  }

  /**
   * Starts a server on a text; resolves with its log when it ends by itself, or "serving" when it serves. Some listeners end it after
   * it has said that it is ready: `patience` is how long that may take, in milliseconds.
   */
  async start(text: string, patience = 300): Promise<{ serving: boolean; said: string }> {
    const file = path.join(this.dir, `start-${Math.random().toString(36).slice(2)}.conf`);
    writeFileSync(file, text);
    const child = spawn(this.server, ["-c", file], { stdio: ["ignore", "pipe", "pipe"], cwd: this.dir });
    let said = "";
    return new Promise((resolve) => {
      const collect = (chunk: Buffer): void => {
        said += chunk.toString();
        if (/Server is ready/.test(said)) {
          setTimeout(() => {
            if (child.exitCode !== null) return;
            child.removeAllListeners("exit");
            child.on("exit", () => resolve({ serving: true, said }));
            child.kill("SIGKILL");
          }, patience);
        }
      };
      child.stderr.on("data", collect);
      child.stdout.on("data", collect);
      child.on("exit", () => resolve({ serving: false, said }));
    });
  }

  #verdict(text: string, index: number): Promise<{ refused: boolean; said: string }> {
    const file = path.join(this.dir, `t${index}.conf`);
    writeFileSync(file, text);
    return new Promise((resolve) => {
      const child = spawn(this.server, ["-t", "-c", file], { stdio: ["ignore", "ignore", "pipe"], cwd: this.dir });
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.on("close", (code) => {
        rmSync(file);
        resolve({ refused: code !== 0, said });
      });
    });
  }
}
