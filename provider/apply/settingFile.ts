import { readFileSync } from "node:fs";
import path from "node:path";
import { NatsError } from "../errors";

/** Text of a file that a setting names; the error says which setting and which file. */
export function readSettingFile(file: string, setting: string): string {
  const absolute = path.resolve(file);
  try {
    return readFileSync(absolute, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: "does not exist",
      EACCES: "may not be read by this user",
      EISDIR: "is a folder",
    };
    throw new NatsError(`${setting}: ${absolute} ${reasons[code ?? ""] ?? `can't be read (${code})`}`);
  }
}
