import type { Duplex, Readable } from "node:stream";
import { NatsError } from "../../../errors";

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a host must let us do; an ssh connection does. Every call is bounded in time and fails with the host's name in its message. */
export interface HostShell {
  /** "ops@10.0.1.11" */
  readonly label: string;
  /** Runs a text for `sh` as root; what is secret goes by `stdin`, since arguments can be seen by anyone on the host. */
  run(
    script: string,
    options: {
      readonly stdin?: string | Buffer | Readable;
      readonly sudo: boolean;
      readonly timeout?: number;
      /** What stands for it in messages. */
      readonly title?: string;
    },
  ): Promise<RunResult>;
  /** A stream to an address as this host dials it. */
  dial(host: string, port: number, timeout: number): Promise<Duplex>;
  close(): Promise<void>;
}

/** Every tool in its place also where a login shell gives a short PATH, and messages in English. */
export const prelude = `set -u
LC_ALL=C; export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:\${PATH:-}; export PATH
`;

/** Runs a script as root and gives what it says; what it complains of where it fails is the error. */
export async function runAsRoot(
  shell: HostShell,
  what: string,
  script: string,
  options: { readonly stdin?: string | Buffer; readonly timeout?: number } = {},
): Promise<string> {
  const { code, stdout, stderr } = await shell.run(prelude + script, { ...options, sudo: true, title: what });
  if (code === 0) return stdout;
  // Never what it gave: that may be the content of files.
  const said = (stderr.trim() || `it ended with ${code}`).split("\n").slice(-6).join("\n");
  throw new NatsError(`${shell.label}: ${what} failed: ${said}`);
}
