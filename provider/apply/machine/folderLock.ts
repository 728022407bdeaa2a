import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { randomUUID } from "node:crypto";
import { NatsError } from "../../errors";
import { isStillRunning, ownIdentity } from "./processTable";

interface Holder {
  readonly pid: number;
  readonly identity: string;
  readonly since: string;
}

/**
 * Takes `<dir>/lock`, or fails with who has it. A lock whose process is gone (killed half way) is taken over;
 * a process is told from a later one with the same id by its start time.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const file = path.join(dir, "lock");
  const own = path.join(dir, `.lock-${randomUUID()}`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const content = JSON.stringify({ ...(await ownIdentity()), since: new Date().toISOString() } satisfies Holder);
  await writeFile(own, content, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      // A link has its content at once: nobody ever reads a lock that is half written.
      const taken = await link(own, file).then(
        () => true,
        () => false,
      );
      if (taken) return () => release(file, content);
      const seen = await readFile(file, "utf8").catch(() => undefined);
      if (seen === undefined) continue;
      const holder = parse(seen);
      if (holder && (await isStillRunning(holder.pid, holder.identity))) {
        throw new NatsError(
          `${dir} is being changed by process ${holder.pid} since ${holder.since}. ` +
            "Fix: wait until that `pulumi up` ends (or end it), then run this one again",
        );
      }
      await removeStale(file, seen);
    }
    throw new NatsError(`${file} changes hands again and again. Fix: run one \`pulumi up\` at a time for ${dir}`);
  } finally {
    await rm(own, { force: true });
  }
}

async function release(file: string, content: string): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === content) await rm(file, { force: true });
}

/** Takes the stale lock away; puts it back when another rollout has taken it over in between. */
async function removeStale(file: string, stale: string): Promise<void> {
  const aside = `${file}-${randomUUID()}`;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== stale) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}
