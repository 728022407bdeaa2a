import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

export interface RunningProcess {
  readonly pid: number;
  /** Start time as the system counts it: another process that gets the same id later has another one. */
  readonly identity: string;
  readonly args: readonly string[];
}

/** Processes whose command line passes `wanted`, with what tells each from a later one of the same id. */
export async function listProcesses(wanted: (args: readonly string[]) => boolean): Promise<RunningProcess[]> {
  return process.platform === "linux" ? listOnLinux(wanted) : listByPs(wanted);
}

/** The process with that id, if it is still the very same one. */
export async function isStillRunning(pid: number, identity: string): Promise<boolean> {
  if (process.platform === "linux") return linuxIdentity(pid) === identity;
  return (await listByPs(() => true)).some((found) => found.pid === pid && found.identity === identity);
}

/** This very process, for others to check with {@link isStillRunning}. */
export async function ownIdentity(): Promise<{ readonly pid: number; readonly identity: string }> {
  if (process.platform === "linux") return { pid: process.pid, identity: linuxIdentity(process.pid)! };
  const own = (await listByPs(() => true)).find((found) => found.pid === process.pid);
  return { pid: process.pid, identity: own?.identity ?? "" };
}

function listOnLinux(wanted: (args: readonly string[]) => boolean): RunningProcess[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = ids.map(Number).flatMap((pid): RunningProcess[] => {
    if (!isMeant(pid, wanted)) return [];
    const before = linuxIdentity(pid);
    const args = argsOf(pid);
    // The same start time on both sides of the look at its command line: not one that took over the id in between.
    const isSame = before !== undefined && linuxIdentity(pid) === before;
    return isSame && args.length > 0 && wanted(args) ? [{ pid, identity: before, args }] : [];
  });
  return found.sort((a, b) => a.pid - b.pid);
}

function isMeant(pid: number, wanted: (args: readonly string[]) => boolean): boolean {
  const args = argsOf(pid);
  return args.length > 0 && wanted(args);
}

function argsOf(pid: number): readonly string[] {
  return readProc(`${pid}/cmdline`).split("\0").slice(0, -1);
}

function linuxIdentity(pid: number): string | undefined {
  const stat = readProc(`${pid}/stat`);
  // The second field is the command in brackets, which may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X" || startTicks === undefined) return undefined;
  bootId ??= readProc("sys/kernel/random/boot_id").trim();
  return `${bootId}/${startTicks}`;
}

let bootId: string | undefined;

/** At once: these files are memory, and asking for hundreds of them in turns of the loop costs ten times as much. */
function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    // Gone, or another user's: either way not ours.
    return "";
  }
}

async function listByPs(wanted: (args: readonly string[]) => boolean): Promise<RunningProcess[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "pid=,stat=,lstart=,command="], {
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: 64 * 1024 * 1024,
    timeout: 10_000,
  });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(line);
    if (!match || match[2]!.startsWith("Z")) return [];
    // ps shows one line, so that only the last option can be told from spaces inside names.
    const option = match[4]!.lastIndexOf(" -c ");
    const program = match[4]!.slice(0, Math.max(option, 0));
    const args =
      option < 0 || program.includes(" -c ") ? [match[4]!] : [program, "-c", match[4]!.slice(option + " -c ".length)];
    return wanted(args) ? [{ pid: Number(match[1]), identity: match[3]!, args }] : [];
  });
}
