import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";

export interface SecretFile {
  readonly content: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Writes a file that only its owner may read: whole, or not at all. Folders that are missing are made for the owner alone. */
export async function writeSecretFile(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A umask may have taken more than it should.
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Undefined where there is none. */
export async function readSecretFile(file: string): Promise<SecretFile | undefined> {
  try {
    const [content, { mode }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    return { content, mode: mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
