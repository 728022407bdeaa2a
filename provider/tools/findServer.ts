import { existsSync } from "node:fs";
import { NatsError } from "../errors";
import { downloadTool } from "./download";
import { findTool } from "./findTool";
import { buildTool } from "./goTool";
import { progress } from "./progress";
import { cachedFile, install } from "./toolCache";
import { executable, sourcesOf } from "./toolSources";
import type { ToolSource } from "./toolSources";

/** Node's name of what `uname -m` says. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: "x64",
  amd64: "x64",
  aarch64: "arm64",
  arm64: "arm64",
  armv7l: "arm",
  armv6l: "arm",
  i686: "ia32",
  s390x: "s390x",
  ppc64le: "ppc64le",
};

/** What nats-server is built for, in node's words, by what `uname -m` says; undefined where there is none. */
export function architectureOf(machine: string): string | undefined {
  return Object.hasOwn(architectures, machine) ? architectures[machine] : undefined;
}

/**
 * Absolute path on this machine of nats-server for Linux on an architecture as `uname -m` names it: what {@link findTool} finds where this
 * machine is the same, else the official release held against its checksums, else Go's cross compiler.
 */
export async function findServerFor(version: string, machine: string): Promise<string> {
  const architecture = architectureOf(machine);
  if (architecture === undefined) throw new NatsError(`there is no nats-server for Linux on ${machine}`);
  if (runsHere(architecture)) return findTool("nats-server", version);
  const tried: string[] = [];
  for (const source of serverSources(version, architecture)) {
    if (existsSync(cachedFile("nats-server", source))) return cachedFile("nats-server", source);
    try {
      return await install("nats-server", source, (folder) => fetchFor(source, folder, architecture));
    } catch (error) {
      tried.push((error as Error).message);
    }
  }
  throw new NatsError(
    `nats-server ${version} for Linux on ${machine} is not to be had: ${tried.join("; ")}. ` +
      "Fix: binary: { file } with one of your own, or binary: { url, sha256 }",
  );
}

/** Where nats-server for Linux on an architecture can be had, kept apart from what this machine runs itself. */
export function serverSources(version: string, architecture: string): ToolSource[] {
  const sources = sourcesOf("nats-server", version, { system: "linux", architecture });
  if (runsHere(architecture)) return sources;
  return sources.map((source) => ({ ...source, folder: `${source.folder}-linux-${architecture}` }));
}

/** True where a program for Linux on that architecture is one for this machine. */
export function runsHere(architecture: string): boolean {
  return process.platform === "linux" && process.arch === architecture;
}

async function fetchFor(source: ToolSource, folder: string, architecture: string): Promise<void> {
  const done = progress(`fetching nats-server ${source.version} for linux/${architecture}`);
  try {
    if (source.kind === "archive") await downloadTool(source, folder);
    else if (source.kind === "go") await buildTool(source, folder, executable("nats-server"), goTarget(architecture));
    done("done");
  } catch (error) {
    done(`failed (${(error as Error).message})`);
    throw error;
  }
}

export function goTarget(architecture: string): NodeJS.ProcessEnv {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return { GOOS: "linux", GOARCH: names[architecture] ?? architecture };
}
