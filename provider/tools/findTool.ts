import { NatsError } from "../errors";
import { downloadTool } from "./download";
import { buildTool, copyFromModule } from "./goTool";
import { fits, toolOnPath } from "./pathTool";
import { cachedFile, install, isCached } from "./toolCache";
import { pinnedVersions, sourcesOf } from "./toolSources";
import type { ToolName, ToolSource } from "./toolSources";

const found = new Map<string, Promise<string>>();

/**
 * Absolute path of a tool: from PATH when its version fits, else from the user's cache, else the official release held against its
 * published checksums, else the Go module proxy. Throws a NatsError that lists what was tried, and what to do by hand.
 */
export function findTool(name: ToolName, version: string = pinnedVersions[name]): Promise<string> {
  const key = `${name} ${version} ${process.env["PATH"]}`;
  let finding = found.get(key);
  if (!finding) {
    finding = find(name, version);
    found.set(key, finding);
    finding.catch(() => found.delete(key));
  }
  return finding;
}

async function find(name: ToolName, version: string): Promise<string> {
  const tried: string[] = [];
  const onPath = toolOnPath(name);
  if (onPath && fits(name, onPath.version, version)) return onPath.file;
  tried.push(onPath ? `PATH: ${onPath.file} is ${onPath.version ?? "of no known version"}` : "PATH: not there");
  const sources = sourcesOf(name, version);
  const cached = sources.find((source) => isCached(name, source.version));
  if (cached) return cachedFile(name, cached.version);
  for (const source of sources) {
    try {
      return await install(name, source.version, (file) => fetchFrom(source, name, file));
    } catch (error) {
      tried.push(`${describe(source)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const byHand = `Fix: install ${name} ${version} and put it on PATH, or install Go (https://go.dev/dl) and run this again`;
  throw new NatsError(
    `${name} ${version} is not to be had. Tried:\n${tried.map((line) => `  - ${line}`).join("\n")}\n${byHand}`,
  );
}

async function fetchFrom(source: ToolSource, name: ToolName, file: string): Promise<void> {
  const done = progress(
    `${source.kind === "go" ? "building" : "fetching"} ${name} ${source.version} (${describe(source)})`,
  );
  try {
    if (source.kind === "archive") await downloadTool(source, file);
    else if (source.kind === "go") await buildTool(source, file);
    else await copyFromModule(source, file);
    done("done");
  } catch (error) {
    done("failed");
    throw error;
  }
}

function describe(source: ToolSource): string {
  return source.kind === "archive" ? "official release" : "Go module proxy";
}

/** Says on standard error what takes long, again every 15 s, and how it ended. */
function progress(what: string): (end: string) => void {
  const started = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  process.stderr.write(`pulumi-nats: ${what} …\n`);
  const timer = setInterval(() => process.stderr.write(`pulumi-nats: ${what} … ${seconds()}\n`), 15_000);
  return (end) => {
    clearInterval(timer);
    process.stderr.write(`pulumi-nats: ${what}: ${end} after ${seconds()}\n`);
  };
}
