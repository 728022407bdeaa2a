import { readFileSync } from "node:fs";
import { confText } from "../conf/bytes";
import { settingsOf } from "../conf/parsed";
import type { ParsedConf } from "../conf/parsed";
import { parseConf } from "../conf/parser";
import type { ConfMap } from "../conf/value";
import { isError, NatsError, ProblemsError } from "../errors";
import { checkConf } from "../model/config/checkConf";
import { factFor } from "../model/facts";

/** A nats.conf with its includes and variables, as a server of that version reads it. Throws all that such a server would refuse. */
export function readSettings(file: string, serverVersion: string): ConfMap {
  const parsed = parseConfFile(file, serverVersion);
  const problems = checkConf(parsed, { serverVersion }).filter((problem) => isError(problem) && !problem.onlyTested);
  if (problems.length > 0) throw new ProblemsError(file, problems);
  return settingsOf(parsed, (path) => factFor(path) !== undefined);
}

/** The whole file, checked for nothing but its syntax. Throws ConfSyntaxError. */
export function parseConfFile(file: string, serverVersion?: string): ParsedConf {
  return parseConf(read(file), {
    file,
    env: process.env,
    readFile: read,
    ...(serverVersion === undefined ? {} : { serverVersion }),
  });
}

function read(file: string): string {
  try {
    return confText(readFileSync(file));
  } catch (error) {
    throw new NatsError(`${file}: ${whyUnreadable(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

/** Why a file of the command line can't be read, in words. */
export function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder" : message;
}
