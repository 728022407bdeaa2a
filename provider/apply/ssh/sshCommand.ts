import { constants } from "node:os";
import { Readable } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { SshError } from "./sshError";
import { seconds } from "../within";

export interface CommandEnd {
  /** 128 and the signal's number where a signal has ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface CommandRun {
  readonly label: string;
  /** For messages. */
  readonly title: string;
  readonly line: string;
  readonly stdin: string | Buffer | Readable | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  /** Sees standard error as it comes; standard input waits until it returns true. It may write first, and end the run by throwing. */
  readonly gate?: (stderr: string, write: (text: string) => void) => boolean;
}

/** The host opens no further channel at this moment; nothing of the command has begun. */
export class ChannelRefused extends Error {}

/** How long the streams of a command that has ended may stay silent: what it left in the background may hold them open. */
const drainSilence = 2_000;

/** One command on a channel of its own, to its end or to the end of its time. */
export function sshCommand(client: Client, run: CommandRun): Promise<CommandEnd> {
  return new Command(run).on(client);
}

class Command {
  readonly #run: CommandRun;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;
  #drain: NodeJS.Timeout | undefined;
  #channel: ClientChannel | undefined;
  #code: number | undefined;
  #gated: boolean;
  #over = false;
  #settle: { resolve: (end: CommandEnd) => void; reject: (error: Error) => void } | undefined;

  constructor(run: CommandRun) {
    this.#run = run;
    this.#gated = run.gate !== undefined;
    this.#timer = setTimeout(() => this.#end(this.#late()), run.timeout);
  }

  on(client: Client): Promise<CommandEnd> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      client.exec(this.#run.line, (error, channel) => {
        if (this.#over) return void channel?.close();
        if (error) return this.#end(this.#unopened(error));
        this.#open(channel);
      });
    });
  }

  #open(channel: ClientChannel): void {
    this.#channel = channel;
    channel.on("data", (chunk: Buffer) => {
      this.#stdout.push(chunk);
      this.#waitForSilence();
    });
    channel.stderr.on("data", (chunk: Buffer) => {
      this.#stderr.push(chunk);
      this.#look(channel);
      this.#waitForSilence();
    });
    channel.on("exit", (code: number | null, signal?: NodeJS.Signals) => {
      this.#code = code ?? 128 + (constants.signals[signal!] ?? 0);
      this.#waitForSilence();
    });
    // What is wrong shows in how it ends.
    channel.on("error", () => undefined);
    channel.on("close", () => this.#end());
    if (!this.#gated) this.#feed(channel);
  }

  #look(channel: ClientChannel): void {
    if (!this.#gated) return;
    try {
      const said = Buffer.concat(this.#stderr).toString("utf8");
      this.#gated = !this.#run.gate!(said, (text) => channel.write(text));
    } catch (error) {
      return this.#end(error as Error);
    }
    if (!this.#gated) this.#feed(channel);
  }

  #feed(channel: ClientChannel): void {
    const { stdin } = this.#run;
    if (!(stdin instanceof Readable)) return void channel.end(stdin);
    stdin.on("error", (error) => this.#end(error));
    stdin.pipe(channel);
  }

  #waitForSilence(): void {
    if (this.#code === undefined || this.#over) return;
    clearTimeout(this.#drain);
    this.#drain = setTimeout(() => this.#end(), drainSilence);
  }

  #end(error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#drain);
    // A command that ended early has left the rest unread.
    if (this.#run.stdin instanceof Readable && this.#channel) this.#run.stdin.destroy();
    this.#channel?.close();
    if (error) this.#settle!.reject(error);
    else if (this.#code === undefined) this.#settle!.reject(this.#lost());
    else {
      const [stdout, stderr] = [Buffer.concat(this.#stdout), Buffer.concat(this.#stderr)];
      this.#settle!.resolve({ code: this.#code, stdout, stderr });
    }
  }

  #unopened(error: Error): Error {
    // sshd gives a reason where it opens no channel, and none where it does but starts no command in it.
    if ("reason" in error) return new ChannelRefused(error.message);
    if (error.message !== "Unable to exec") return this.#lost();
    const fix = "allow commands for this user in sshd_config and authorized_keys on the host";
    return new SshError("forbidden", this.#run.label, `its sshd runs no commands for this user`, fix, error);
  }

  #lost(): SshError {
    const { label, title } = this.#run;
    const reason = `the connection broke while ${title} was running; whether it came to its end is not known`;
    return new SshError("lost", label, reason, "see that the host is up, then run this again");
  }

  #late(): SshError {
    const { label, title, timeout } = this.#run;
    const reason = `${title} did not end within ${seconds(timeout)}; the host was told to end it`;
    return new SshError("timeout", label, reason, "see the host's load and disks, then run this again");
  }
}
