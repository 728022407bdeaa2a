import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  readonly seconds: number;
  /** Largest single process of the command, in MiB; undefined where the system does not tell. */
  readonly peak: number | undefined;
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
  let peak: number | undefined;
  const used = new Map<number, number>();
  const look = (): void => {
    const tree = treeOf(child.pid!);
    const largest = Math.max(0, ...tree.map(peakOf));
    if (largest > 0) peak = Math.max(peak ?? 0, largest);
    for (const pid of tree) used.set(pid, Math.max(used.get(pid) ?? 0, ticksOf(pid)));
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
  const ticks = [...used.values()].reduce((sum, each) => sum + each, 0);
  return { seconds, peak, cpu: ticks === 0 ? undefined : ticks / 100, output };
}

function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of processes()) {
    const parent = Number(
      textOf(`/proc/${name}/stat`)
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    );
    const known = children.get(parent);
    if (known) known.push(Number(name));
    else children.set(parent, [Number(name)]);
  }
  const found = [root];
  for (let index = 0; index < found.length; index++) found.push(...(children.get(found[index]!) ?? []));
  return found;
}

function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** Of its user and system time; a tick is a hundredth of a second. */
function ticksOf(pid: number): number {
  const [user, system] = statOf(pid).slice(11, 13).map(Number);
  return (user ?? 0) + (system ?? 0);
}

/** The words after the name, which stands in parentheses and may hold anything. */
function statOf(pid: number): string[] {
  return textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
