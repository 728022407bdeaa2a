import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a process has used up to now. */
export interface ProcessUse {
  readonly pid: number;
  readonly kind: string;
  /** Largest resident set of its life, MiB; 0 where the system does not tell. */
  readonly peak: number;
  /** User and system time in seconds. */
  readonly cpu: number;
}

/** A process and all that it has started, as far as they live. */
export function processTree(root: number): ProcessUse[] {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    const parent = Number(statOf(pid)[1]);
    const known = children.get(parent);
    if (known) known.push(pid);
    else children.set(parent, [pid]);
  }
  const found = [root];
  for (let index = 0; index < found.length; index++) found.push(...(children.get(found[index]!) ?? []));
  return found.map((pid) => ({ pid, kind: processKind(wordsOf(pid)), peak: peakOf(pid), cpu: ticksOf(pid) / 100 }));
}

/** Which part of a run a process is, by its command line. */
export function processKind(words: readonly string[]): string {
  const has = (part: string): boolean => words.some((word) => word.replaceAll("\\", "/").includes(part));
  if (has("@pulumi/pulumi/cmd/dynamic-provider")) return "provider";
  if (has("@pulumi/pulumi/cmd/run")) return "program";
  const name = path.basename(words[0] ?? "");
  return name === "pulumi-language-nodejs" ? "language host" : name;
}

function wordsOf(pid: number): string[] {
  return textOf(`/proc/${pid}/cmdline`).split("\0");
}

function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** A tick is a hundredth of a second. */
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

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
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
