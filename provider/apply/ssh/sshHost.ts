import type { Duplex, Readable } from "node:stream";
import type { SshSettings } from "../../model/ssh";
import { redact } from "../../redact";
import { shellQuote, shellWords } from "./shellQuote";
import type { CommandEnd, CommandRun } from "./sshCommand";
import { SshError } from "./sshError";
import { SshLease } from "./sshPool";
import { sshLabel } from "./sshUser";
import { sudoFailure, sudoPlan } from "./sudo";
import type { SudoPlan } from "./sudo";
import { readFrom } from "./sshRead";
import { uploadTo } from "./sshUpload";
import type { UploadOptions } from "./sshUpload";

export interface RunOptions {
  /** Reaches the command alone, never a log or a process list: the place for secrets. */
  readonly stdin?: string | Buffer | Readable;
  /** As root; nothing changes where the user is root already. Default false. */
  readonly sudo?: boolean;
  /** Milliseconds from the moment that it starts. Default 60 s. */
  readonly timeout?: number;
  /** What stands for it in messages. Default: its first words. */
  readonly title?: string;
}

const defaultTimeout = 60_000;
/** Linux takes no longer argument. */
const longestScript = 96 * 1024;

/**
 * A host over ssh. Its connection is made when it is first needed and shared by all of the process that have the same settings;
 * everything is bounded in time. A command's text can be seen on the host (process list, sudo's log): secrets belong to `stdin`.
 */
export class SshHost {
  /** "ops@10.0.1.11:22" */
  readonly label: string;
  readonly #settings: SshSettings;
  #lease: SshLease | undefined;

  constructor(settings: SshSettings) {
    this.#settings = settings;
    this.label = sshLabel(settings);
  }

  /** Runs a command's words, or a POSIX shell script; whatever it ends with is an answer. */
  async run(
    command: readonly string[] | string,
    options: RunOptions = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await this.runRaw(command, options);
    return { code, stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8") };
  }

  /** The same with bytes. */
  async runRaw(command: readonly string[] | string, options: RunOptions = {}): Promise<CommandEnd> {
    const script = typeof command === "string" ? command : `exec ${shellWords(command)}`;
    const title = redact(options.title ?? `"${firstWords(typeof command === "string" ? command : command.join(" "))}"`);
    if (script.length > longestScript) {
      throw new SshError(
        "file",
        this.label,
        `${title} is a script of ${script.length} bytes; at most ${longestScript} reach a host`,
        "give what is long as its standard input",
      );
    }
    const { stdin, timeout = defaultTimeout, sudo } = options;
    // The host ends it by itself too: over a broken connection nobody could tell it to.
    const line = `timeout -s KILL ${Math.ceil(timeout / 1000) + 1} sh -c ${shellQuote(script)}`;
    const plan = sudo ? sudoPlan(this.#settings, this.label, line) : undefined;
    const base = { label: this.label, title, stdin, timeout };
    const connection = await this.#connection();
    if (!plan) return connection.run({ ...base, line });
    return this.#withSudo(plan, (run) => connection.run({ ...base, ...run }));
  }

  /**
   * Writes a file as a whole or not at all: beside its place first, checked against its SHA-256, with its mode and owner, synced, and
   * then renamed. A link in its place is replaced, a folder is refused.
   */
  async upload(path: string, content: string | Buffer | Readable, options: UploadOptions = {}): Promise<void> {
    await uploadTo(this, path, content, options);
  }

  /** A file's bytes; undefined where there is none. */
  async read(path: string, options: { sudo?: boolean; timeout?: number } = {}): Promise<Buffer | undefined> {
    return readFrom(this, path, options);
  }

  /** A stream to what listens at that address as the host sees it; needs AllowTcpForwarding of its sshd. Milliseconds. */
  async dial(host: string, port: number, timeout: number): Promise<Duplex> {
    const connection = await this.#connection();
    return connection.forward(host, port, timeout);
  }

  /** Lets go of the connection, which ends when nobody else of the process uses it. A later call makes a new one. */
  async close(): Promise<void> {
    this.#lease?.release();
    this.#lease = undefined;
  }

  #connection(): ReturnType<SshLease["connection"]> {
    this.#lease ??= new SshLease(this.#settings);
    return this.#lease.connection();
  }

  async #withSudo(
    plan: SudoPlan,
    run: (run: Pick<CommandRun, "line" | "gate">) => Promise<CommandEnd>,
  ): Promise<CommandEnd> {
    let asked = 0;
    const end = await run({
      line: plan.line,
      gate: (said, write) => {
        if (said.includes(plan.started)) return true;
        const prompts = said.split(plan.prompt).length - 1;
        if (prompts <= asked) return false;
        asked = prompts;
        if (prompts > 1 || plan.password === undefined)
          throw sudoFailure(this.#settings, this.label, plan, `${said} Sorry, try again`);
        write(`${plan.password}\n`);
        return false;
      },
    });
    const stderr = end.stderr.toString("utf8");
    const start = stderr.indexOf(plan.started);
    if (start < 0) throw sudoFailure(this.#settings, this.label, plan, `${stderr}\n${end.stdout.toString("utf8")}`);
    return { ...end, stderr: Buffer.from(stderr.slice(start + plan.started.length)) };
  }
}

function firstWords(text: string): string {
  const line = text.trim().split("\n")[0]!;
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
