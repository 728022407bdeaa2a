import { readFileSync } from "node:fs";
import { confText } from "../conf/bytes";
import { settingsOf } from "../conf/parsed";
import type { ParsedConf } from "../conf/parsed";
import { parseConf } from "../conf/parser";
import type { ConfMap } from "../conf/value";
import { isError, ProblemsError } from "../errors";
import { checkConf } from "../model/config/checkConf";
import { factFor } from "../model/facts";
import { UnreadableFile } from "./unreadableFile";

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
    throw new UnreadableFile(file, error);
  }
}
