import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import path from "node:path";

/** One call of a resource's handler: an update where there is a state, else a create. */
export interface ChildWork {
  readonly kind: string;
  readonly id: string;
  readonly inputs: object;
  readonly state?: object | undefined;
  readonly urn: string | undefined;
  /** Of the provider. */
  readonly config?: readonly (readonly [string, string])[];
}

/**
 * Does it in a process of its own and kills that (-9) some milliseconds after its begin, or as soon as `moment` says so, which is
 * told when there is no use in waiting on. False when it came to its end before.
 */
export async function runAndKill(
  work: ChildWork,
  moment: number | ((isOver: () => boolean) => Promise<void>),
): Promise<boolean> {
  const script = path.join(__dirname, "handlerChild.ts");
  const child = spawn(process.execPath, ["--require", "ts-node/register", script], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  let isOver = false;
  void ended.then(() => (isOver = true));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.end(JSON.stringify(work));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error(errors)));
  });
  if (typeof moment === "number") await new Promise((resolve) => setTimeout(resolve, moment));
  else await Promise.race([moment(() => isOver), ended]);
  child.kill("SIGKILL");
  const wasKilled = (await ended) === "SIGKILL";
  if (!wasKilled) assert.equal(errors, "");
  return wasKilled;
}
