import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { dataFile, sumFile, sumIn } from "./backupFiles";

export async function sha256Of(file: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const piece of createReadStream(file)) sum.update(piece as Buffer);
  return sum.digest("hex");
}

/**
 * Why the bytes of a backup are not those that were backed up: all of it is read, once by a process as long as the file stays as it
 * is. Of `nats stream backup`, which writes no sum of them, one sees without a server only whether they end too early.
 */
export async function backupDamage(folder: string): Promise<string | undefined> {
  const file = path.join(folder, dataFile);
  const text = await readFile(path.join(folder, sumFile), "utf8").catch(() => "");
  const wanted = sumIn(text);
  if (wanted === undefined) return (await isCut(file)) ? `${file} is damaged: it ends too early` : undefined;
  const found = await knownSum(file);
  return found === wanted ? undefined : `${file} is damaged: its SHA-256 is ${found}, and ${sumFile} says ${wanted}`;
}

/** By file, size, time and inode. */
const sums = new Map<string, Promise<string>>();

async function knownSum(file: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(file, { bigint: true });
  const key = [file, size, mtimeNs, ctimeNs, ino, dev].join(" ");
  const sum = sums.get(key) ?? sha256Of(file);
  sums.set(key, sum);
  sum.catch(() => sums.delete(key));
  return sum;
}

const start = Buffer.from("\xff\x06\x00\x00S2sTwO", "latin1");

/** Such a file is a row of pieces, each behind its kind (a byte) and its length (three). */
async function isCut(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(start.length);
    await handle.read(head, 0, head.length, 0);
    // What else it may be, a server has to say.
    if (size >= start.length && !head.equals(start)) return false;
    let at = 0;
    while (at + 4 <= size) {
      await handle.read(head, 0, 4, at);
      at += 4 + head.readUIntLE(1, 3);
    }
    return at !== size || size === 0;
  } finally {
    await handle.close();
  }
}
