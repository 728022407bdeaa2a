import { existsSync } from "node:fs";
import { DeniedDownload, lookForArchive } from "./download";
import { goTarget, runsHere, serverSources } from "./findServer";
import { lookForModule } from "./goTool";
import { toolOnPath } from "./pathTool";
import { cachedFile } from "./toolCache";
import type { ToolSource } from "./toolSources";

/** What is known of nats-server that was not fetched yet. */
export interface ServerSought {
  /** "unknown": nobody who could have it has answered. */
  readonly found: "yes" | "no" | "unknown";
  /** What each place said that does not have it. */
  readonly tried: readonly string[];
}

const sought = new Map<string, Promise<ServerSought>>();

/** Whether nats-server of a version for Linux on an architecture (in node's words) can be had, without fetching it; asked once in a process. */
export function lookForServer(version: string, architecture: string): Promise<ServerSought> {
  const key = `${version} ${architecture}`;
  const looking = sought.get(key) ?? look(version, architecture);
  sought.set(key, looking);
  return looking;
}

async function look(version: string, architecture: string): Promise<ServerSought> {
  const sources = serverSources(version, architecture);
  const isHere =
    sources.some((source) => existsSync(cachedFile("nats-server", source))) ||
    (runsHere(architecture) && toolOnPath("nats-server", version)?.fits === true);
  if (isHere) return { found: "yes", tried: [] };
  const tried: string[] = [];
  let found: ServerSought["found"] = "unknown";
  for (const source of sources) {
    try {
      await lookIn(source, architecture);
      return { found: "yes", tried };
    } catch (error) {
      tried.push((error as Error).message);
      if (error instanceof DeniedDownload) found = "no";
    }
  }
  return { found, tried };
}

async function lookIn(source: ToolSource, architecture: string): Promise<void> {
  if (source.kind === "archive") await lookForArchive(source);
  else if (source.kind === "go") await lookForModule(source, runsHere(architecture) ? {} : goTarget(architecture));
}
