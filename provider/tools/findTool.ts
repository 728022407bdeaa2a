import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { NatsError } from "../errors";

export type ToolName = "nats-server" | "nats" | "pulumi" | "pulumi-language-nodejs";

/** Folder that keeps fetched tools between runs, one folder for each tool and version. */
export function toolCache(): string {
  return path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "pulumi-nats", "tools");
}

/** Absolute path of a tool of exactly that version, fetched when it is not there. */
export async function findTool(name: ToolName, version: string): Promise<string> {
  const file = path.join(toolCache(), `${name}-${version}`, name);
  if (!existsSync(file)) throw new NatsError(`${name} ${version} not found`);
  return file;
}
