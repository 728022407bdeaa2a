import { spawn } from "node:child_process";
import { processTree } from "./processTree";
import type { ProcessUse } from "./processTree";

export interface Measured {
  readonly seconds: number;
  /** Largest single process of the command, in MiB; undefined where the system does not tell. */
  readonly peak: number | undefined;
  /** The same by kind of process. */
  readonly peaks: Readonly<Record<string, number>>;
  /** Processor time of all its processes in seconds, which says more than the clock where others work beside it. */
  readonly cpu: number | undefined;
  readonly output: string;
}

/** Runs a command to its end; a failure is an error with its output. */
export async function measured(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Measured> {
  const started = process.hrtime.bigint();
  // In a group of its own, so that all of it ends with an interrupted benchmark.
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = (): void => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  process.once("exit", end);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const used = new Map<number, ProcessUse>();
  const look = (): void => {
    // One that is ending tells nothing; one that has become another program counts from there.
    for (const use of processTree(child.pid!)) if (use.peak > 0) used.set(use.pid, use);
  };
  const timer = setInterval(look, 100);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(timer);
  process.removeListener("exit", end);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output.slice(-4000)}`);
  const all = [...used.values()];
  const peaks: Record<string, number> = {};
  for (const { kind, peak } of all) peaks[kind] = Math.max(peaks[kind] ?? 0, Math.round(peak));
  const isTold = all.length > 0;
  return {
    seconds,
    peak: isTold ? Math.max(...Object.values(peaks)) : undefined,
    peaks,
    cpu: isTold ? all.reduce((sum, { cpu }) => sum + cpu, 0) : undefined,
    output,
  };
}
