import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The holder shows that it lives by touching the lock. */
const touchEvery = 2_000;
const abandonedAfter = 60_000;

/**
 * Waits until this process is the one that makes a tool. A lock whose process is gone, or that nobody has touched for long, is taken over.
 * Two that make the same tool after all do no harm, since files are put in place by a rename.
 */
export async function lockTool(folder: string): Promise<() => void> {
  const holder = path.join(folder, "pid");
  for (let waited = 0; !take(folder, holder); waited += 200) {
    if (isAbandoned(folder, holder)) {
      discard(folder);
      continue;
    }
    if (waited === 2_000) say(holder);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const timer = setInterval(() => touch(folder), touchEvery);
  timer.unref();
  return () => {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Whether no process has that number. */
export function isGone(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function take(folder: string, holder: string): boolean {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(holder, String(process.pid));
  return true;
}

function isAbandoned(folder: string, holder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return false;
  const number = holderOf(holder);
  // The folder is there an instant before the number is.
  if (number === undefined) return Date.now() - found.mtimeMs > 5_000;
  return isGone(number) || Date.now() - found.mtimeMs > abandonedAfter;
}

function holderOf(holder: string): number | undefined {
  try {
    return Number(readFileSync(holder, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

/** Only one of those who want it away gets the rename. */
function discard(folder: string): void {
  const aside = `${folder}-${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}

function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Taken over: the other one finds out that there is nothing left to do.
  }
}

function say(holder: string): void {
  process.stderr.write(`pulumi-nats: waiting for process ${holderOf(holder) ?? "?"}, which is fetching the same …\n`);
}
