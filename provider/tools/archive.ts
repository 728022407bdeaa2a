import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NatsError } from "../errors";

/** Takes files out of a .tar.gz or .zip into a folder, each by its own name and executable. */
export async function extractFiles(archive: string, members: readonly string[], folder: string): Promise<void> {
  if (archive.endsWith(".zip")) await unzip(archive, members, folder);
  else await untar(archive, members, folder);
  for (const member of members) {
    const file = path.join(folder, path.posix.basename(member));
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) throw new NatsError(`${path.basename(archive)} holds no file ${member}`);
    chmodSync(file, 0o755);
  }
}

async function unzip(archive: string, members: readonly string[], folder: string): Promise<void> {
  const { unzipSync } = await import("fflate");
  const found = unzipSync(readFileSync(archive), { filter: (entry) => members.includes(entry.name) });
  for (const [name, content] of Object.entries(found)) {
    writeFileSync(path.join(folder, path.posix.basename(name)), content);
  }
}

async function untar(archive: string, members: readonly string[], folder: string): Promise<void> {
  const tar = await import("tar");
  await tar.x({ file: archive, cwd: folder, strict: true }, [...members]);
  for (const member of members) {
    const found = path.join(folder, ...member.split("/"));
    if (lstatSync(found, { throwIfNoEntry: false })) {
      renameSync(found, path.join(folder, `.${path.basename(found)}`));
    }
  }
  for (const top of new Set(members.map((member) => member.split("/")[0]!))) {
    rmSync(path.join(folder, top), { recursive: true, force: true });
  }
  for (const name of members.map((member) => path.posix.basename(member))) {
    const moved = path.join(folder, `.${name}`);
    if (lstatSync(moved, { throwIfNoEntry: false })) renameSync(moved, path.join(folder, name));
  }
}
