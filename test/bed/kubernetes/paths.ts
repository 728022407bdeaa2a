import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Files of the bed that are not TypeScript: Go modules and scripts. */
export const here = __dirname;

/** One bed at a time on a machine: its bridge, addresses and ports are fixed. */
export const work = "/var/tmp/pulumi-nats-kubernetes";

/** Folder that keeps what was built from the files of that part of the bed, as they are now. */
export function cacheFolder(part: string, ...files: readonly string[]): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const file of files.flatMap(filesIn).sort()) {
    hash.update(`\n${path.relative(here, file)}\n`).update(readFileSync(file));
  }
  const beds = path.join(process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "pulumi-nats", "beds");
  return path.join(beds, `kubernetes-${part}-${hash.digest("hex").slice(0, 12)}`);
}

function filesIn(place: string): string[] {
  const from = path.join(here, place);
  if (path.extname(from)) return [from];
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^go\.|\.go$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
