import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { waitFor } from "../../provider/apply/wait";
import type { PulumiBed } from "./pulumiBed";

/** A stack or a project, by the bed that is its own. */
interface Bedded {
  readonly bed: PulumiBed;
}

/** Ends the engine of a stack and its providers at once, as a power cut of the workstation does. */
export function killEngine(stack: Bedded): void {
  for (const { id } of processesOf(stack)) killNow(id);
}

/** Kills the engine of a stack and leaves its providers to themselves; returns when these have ended. */
export async function killEngineAlone(stack: Bedded): Promise<void> {
  for (const { id, program } of processesOf(stack)) if (program === "pulumi") killNow(id);
  await waitFor("the end of the providers without their engine", { timeout: 180_000 }, async () => {
    const left = processesOf(stack).map(({ id, program }) => `${program} ${id}`);
    return left.length === 0 ? { value: undefined } : { pending: left.join(", ") };
  });
}

function killNow(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended with its parent.
  }
}

/** Told by the home that they alone have. */
function processesOf({ bed }: Bedded): { id: number; program: string }[] {
  const home = `PULUMI_HOME=${bed.env["PULUMI_HOME"]}\0`;
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return ids.flatMap((id) => {
    try {
      if (!readFileSync(`/proc/${id}/environ`, "utf8").includes(home)) return [];
      return [{ id: Number(id), program: path.basename(readlinkSync(`/proc/${id}/exe`)) }];
    } catch {
      return [];
    }
  });
}
