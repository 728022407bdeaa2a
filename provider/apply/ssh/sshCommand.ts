import { constants } from "node:os";
import { Readable } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { SshError } from "./sshError";

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

/** The host opens no further channel at this moment. */
export class ChannelRefused extends Error {}

/** How long the streams of a command that has ended may stay silent: what it left in the background may hold them open. */
const drainSilence = 2_000;

/** One command on a channel of its own, to its end or to the end of its time. */
export function sshCommand(client: Client, run: CommandRun): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    let channel: ClientChannel | undefined;
    let over = false;
    const finish = (how: () => void): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      clearTimeout(drain);
      if (run.stdin instanceof Readable) run.stdin.destroy();
      how();
    };
    const fail = (error: Error): void =>
      finish(() => {
        if (channel) abandon(channel);
        reject(error);
      });
    const lost = (): SshError =>
      new SshError(
        "lost",
        run.label,
        `the connection broke while ${run.title} was running; whether it came to its end is not known`,
        "see that the host is up, then run this again",
      );
    const timer = setTimeout(
      () =>
        fail(
          new SshError(
            "timeout",
            run.label,
            `${run.title} did not end within ${run.timeout / 1000} s; it may be running still`,
            "see the host's load and disks, then run this again",
          ),
        ),
      run.timeout,
    );
    let drain: NodeJS.Timeout | undefined;
    client.exec(run.line, (error, opened) => {
      if (over) return void opened?.close();
      if (error) return fail("reason" in error ? new ChannelRefused(error.message) : lost());
      channel = opened;
      let ended: number | undefined;
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      const done = (): void =>
        finish(() => {
          if (ended === undefined) reject(lost());
          else resolve({ code: ended, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
        });
      const touch = (): void => {
        if (ended === undefined) return;
        clearTimeout(drain);
        drain = setTimeout(() => {
          done();
          abandon(opened);
        }, drainSilence);
      };
      let gated = run.gate !== undefined;
      const look = (): void => {
        if (!gated || !run.gate) return;
        try {
          gated = !run.gate(Buffer.concat(stderr).toString("utf8"), (text) => opened.write(text));
        } catch (error) {
          return fail(error as Error);
        }
        if (!gated) feed(opened, run.stdin, fail);
      };
      opened.on("data", (chunk: Buffer) => {
        stdout.push(chunk);
        touch();
      });
      opened.stderr.on("data", (chunk: Buffer) => {
        stderr.push(chunk);
        look();
        touch();
      });
      opened.on("exit", (code: number | null, signal?: string) => {
        ended = code ?? 128 + (constants.signals[`SIG${signal}` as NodeJS.Signals] ?? 0);
        touch();
      });
      opened.on("error", () => undefined);
      opened.on("close", done);
      if (!gated) feed(opened, run.stdin, fail);
    });
  });
}

function feed(channel: ClientChannel, stdin: CommandRun["stdin"], fail: (error: Error) => void): void {
  if (stdin === undefined || typeof stdin === "string" || Buffer.isBuffer(stdin)) return void channel.end(stdin);
  stdin.on("error", fail);
  stdin.pipe(channel);
}

/** Ends the command where the host lets us, and lets go of its channel in any case. */
function abandon(channel: ClientChannel): void {
  try {
    channel.signal("KILL");
    channel.close();
  } catch {
    // The connection is gone.
  }
}
