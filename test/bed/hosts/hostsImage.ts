import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { progress } from "../../../provider/tools/progress";
import { toolCache } from "../../../provider/tools/toolCache";
import { lockTool } from "../../../provider/tools/toolLock";
import { mustRun } from "../bedCommand";

/** Password of the hosts' users ops, admin and guest. */
export const hostsPassword = "seven-quiet-harbours";

/** The root file system that all hosts share; made once and kept in the user's cache. */
export async function hostsImage(): Promise<string> {
  const recipe = path.join(__dirname, "scripts/image.sh");
  const env = { PASSWORD: hostsPassword };
  return cached("hosts", [readFileSync(recipe), hostsPassword], (folder) =>
    mustRun("bash", [recipe, path.join(folder, "base")], { env }),
  ).then((folder) => path.join(folder, "base"));
}

/** The router that delays what goes between regions. */
export async function hostsWan(): Promise<string> {
  const source = path.join(__dirname, "wan");
  const files = ["main.go", "go.mod"].map((name) => readFileSync(path.join(source, name)));
  return cached("hosts-wan", files, (folder) =>
    mustRun("go", ["build", "-o", path.join(folder, "wan"), "."], { cwd: source, env: { CGO_ENABLED: "0" } }),
  ).then((folder) => path.join(folder, "wan"));
}

/** A folder of the cache that is named for what it is made of, and is there completely or not at all. */
async function cached(
  name: string,
  parts: readonly (string | Buffer)[],
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  const beds = path.join(path.dirname(toolCache()), "beds");
  const target = path.join(beds, `${name}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(target)) return target;
  mkdirSync(beds, { recursive: true });
  const release = await lockTool(`${target}.lock`);
  const temporary = mkdtempSync(path.join(beds, `.making-${process.pid}-`));
  try {
    if (existsSync(target)) return target;
    const done = progress(`making the bed's ${path.basename(target)}`);
    await make(temporary);
    renameSync(temporary, target);
    done("done");
    return target;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    release();
  }
}
