import { readdirSync, readFileSync } from "node:fs";
import type { TestStack } from "./stack";

/** Ends the engine of a stack and its providers at once, as a power cut of the workstation does. */
export function killEngine(stack: TestStack): void {
  for (const id of processesOf(stack)) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has ended with its parent.
    }
  }
}

/** Told by the home that they alone have. */
function processesOf(stack: TestStack): number[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return ids.map(Number).filter((id) => {
    try {
      return readFileSync(`/proc/${id}/environ`, "utf8").includes(`PULUMI_HOME=${stack.bed.env["PULUMI_HOME"]}\0`);
    } catch {
      return false;
    }
  });
}
