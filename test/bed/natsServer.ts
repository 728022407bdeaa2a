import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findTool } from "../../provider/tools/findTool";

/** The server versions that every version-dependent rule is held against, newest first. */
export const serverVersions = ["2.15.2", "2.14.9", "2.12.15", "2.11.17"] as const;

interface Ports {
  readonly nats?: readonly string[];
  readonly monitoring?: readonly string[];
  readonly cluster?: readonly string[];
}

/** A real nats-server on loopback with a folder of its own. Write `port: -1` in its config for a free port. */
export class NatsServer {
  readonly dir: string;
  readonly configFile: string;
  readonly version: string;
  readonly process: ChildProcess;
  readonly ports: Ports;
  #log: () => string;

  private constructor(
    dir: string,
    configFile: string,
    version: string,
    process: ChildProcess,
    ports: Ports,
    log: () => string,
  ) {
    this.dir = dir;
    this.configFile = configFile;
    this.version = version;
    this.process = process;
    this.ports = ports;
    this.#log = log;
  }

  /** Starts it and waits until it listens; fails with its log when it ends before that. `{dir}` in the text is its folder. */
  static async start(config: string, version: string = serverVersions[0]): Promise<NatsServer> {
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-"));
    const configFile = path.join(dir, "nats.conf");
    writeFileSync(configFile, config.replaceAll("{dir}", dir));
    return NatsServer.#run(dir, configFile, version);
  }

  static async #run(dir: string, configFile: string, version: string): Promise<NatsServer> {
    const binary = await findTool("nats-server", version);
    const child = spawn(binary, ["-c", configFile, "--ports_file_dir", dir], { stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
    try {
      const ports = await untilListening(child, dir, () => log);
      return new NatsServer(dir, configFile, version, child, ports, () => log);
    } catch (error) {
      child.kill("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return this.ports.nats![0]!;
  }

  get log(): string {
    return this.#log();
  }

  writeConfig(config: string): void {
    writeFileSync(this.configFile, config.replaceAll("{dir}", this.dir));
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Ends it (-9); what it has stored stays. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await ended;
  }

  /** The same server, started again where it was killed: with what it has stored, clients find it at the same address. */
  async again(): Promise<NatsServer> {
    const text = readFileSync(this.configFile, "utf8");
    writeFileSync(this.configFile, text.replace(/^port: -1$/m, `port: ${new URL(this.url).port}`));
    return NatsServer.#run(this.dir, this.configFile, this.version);
  }
}

async function untilListening(child: ChildProcess, dir: string, log: () => string): Promise<Ports> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}:\n${log()}`);
    const file = readdirSync(dir).find((name) => name.endsWith(`_${child.pid}.ports`));
    if (file) {
      const text = readFileSync(path.join(dir, file), "utf8");
      if (text.trim().endsWith("}")) return JSON.parse(text) as Ports;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`nats-server did not listen in 60 s:\n${log()}`);
}
