import { createHash } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { toolCache } from "./toolCache";

/** How long a host that could not be reached is not asked again. */
const silenceFor = 5 * 60_000;

/** Whether a host could not be reached a few minutes ago, by this process or another one. */
export function wasUnreachable(base: string): boolean {
  const noted = statSync(noteFile(base), { throwIfNoEntry: false });
  return noted !== undefined && Date.now() - noted.mtimeMs < silenceFor;
}

export function noteUnreachable(base: string): void {
  mkdirSync(toolCache(), { recursive: true });
  writeFileSync(noteFile(base), `${base}\n`);
}

function noteFile(base: string): string {
  const name = createHash("sha256").update(base).digest("hex").slice(0, 12);
  return path.join(toolCache(), `.unreachable-${name}`);
}
