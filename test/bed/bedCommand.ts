import { spawn } from "node:child_process";
import path from "node:path";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** System folders too, which a root's shell that was entered by `su` has not in its PATH. */
export function systemPath(): string {
  return [process.env["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin"].filter(Boolean).join(path.delimiter);
}

/** Runs a command to its end and gives what it wrote; what it starts in the background may outlive it. */
export function command(
  file: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; stdin?: string | Buffer; cwd?: string } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, PATH: systemPath(), ...options.env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      const ended = (): void => resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr });
      // Background processes of a script may hold the pipes open.
      // What is in the pipes is read before: a busy machine may come to this late.
      const timer = setTimeout(() => setImmediate(ended), 500);
      child.on("close", () => {
        clearTimeout(timer);
        ended();
      });
    });
  });
}

/** The same, where the command must succeed; gives what it wrote to standard output. */
export async function mustRun(...[file, args, options]: Parameters<typeof command>): Promise<string> {
  const { code, stdout, stderr } = await command(file, args, options);
  if (code === 0) return stdout;
  throw new Error(`${path.basename(file)} ${args.join(" ")} ended with ${code}:\n${(stderr || stdout).trim()}`);
}
