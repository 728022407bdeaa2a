import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Longest wait for a line, in milliseconds. */
const longest = 180_000;

/** Runs a command until it prints this line, and ends it; fails with all that it has printed. */
export async function watch(line: string, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill(), longest);
  const seen: string[] = [];
  child.stderr.on("data", (part: Buffer) => seen.push(part.toString()));
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      if (text === line) return;
      seen.push(text);
    }
    throw new Error(`${command} ${args.join(" ")} never printed "${line}":\n${seen.join("\n")}`);
  } finally {
    clearTimeout(timer);
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill();
    await ended;
  }
}
