import { existsSync } from "node:fs";
import { NatsError } from "../errors";
import { downloadTool } from "./download";
import { buildTool, copyFromModule } from "./goTool";
import { copyFromPackage } from "./npmFile";
import { toolOnPath } from "./pathTool";
import { progress } from "./progress";
import { cachedFile, cachedSource, install, toolCache } from "./toolCache";
import { executable, pinnedVersions, sourcesOf } from "./toolSources";
import type { ToolName, ToolSource } from "./toolSources";

const found = new Map<string, Promise<string>>();

/**
 * Absolute path of a tool: from PATH when its version fits, else from the user's cache, else the official release held against its
 * published checksums, else the Go module proxy. Throws a NatsError that lists what was tried, and what to do by hand.
 */
export async function findTool(name: ToolName, version: string = pinnedVersions[name]): Promise<string> {
  const key = [name, version, process.env["PATH"], toolCache()].join("\n");
  const known = await found.get(key);
  if (known !== undefined && existsSync(known)) return known;
  const finding = find(name, version);
  found.set(key, finding);
  // The next one who asks may have more luck.
  finding.catch(() => found.delete(key));
  return finding;
}

async function find(name: ToolName, version: string): Promise<string> {
  const onPath = toolOnPath(name, version);
  if (onPath?.fits) return onPath.file;
  const sources = sourcesOf(name, version);
  const cached = cachedSource(name, sources);
  if (cached) return cachedFile(name, cached);
  const seen = onPath && `${onPath.file} is ${onPath.version ?? "of no known version"}`;
  const tried = [`PATH: ${seen ?? `no ${executable(name)}`}`, `cache: nothing in ${toolCache()}`];
  for (const source of sources) {
    try {
      return await install(name, source, (folder) => fetchFrom(source, name, folder));
    } catch (error) {
      tried.push(`${describe(source)}: ${messageOf(error)}`);
    }
  }
  const byHand = `Fix: install ${name} ${version} and put it on PATH, or install Go (https://go.dev/dl) and run this again`;
  throw new NatsError(
    `${name} ${version} is not to be had. Tried:\n${tried.map((line) => `  - ${line}`).join("\n")}\n${byHand}`,
  );
}

async function fetchFrom(source: ToolSource, name: ToolName, folder: string): Promise<void> {
  if (source.kind === "npm-file") return copyFromPackage(source, folder);
  const verb = source.kind === "go" ? "building" : "fetching";
  const done = progress(`${verb} ${name} ${source.version} (from the ${describe(source)})`);
  try {
    if (source.kind === "archive") await downloadTool(source, folder);
    else if (source.kind === "go") await buildTool(source, folder, executable(name));
    else await copyFromModule(source, folder);
    done("done");
  } catch (error) {
    done(`failed (${messageOf(error)})`);
    throw error;
  }
}

function describe(source: ToolSource): string {
  if (source.kind === "npm-file") return `npm package ${source.package}`;
  return source.kind === "archive" ? "official release" : "Go module proxy";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
