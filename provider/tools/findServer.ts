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

/** True where nats-server exists for what `uname -m` says. */
export function isKnownArchitecture(machine: string): boolean {
  return Object.hasOwn(architectures, machine);
}

/**
 * Absolute path on this machine of nats-server for Linux on an architecture as `uname -m` names it: what {@link findTool} finds where this
 * machine is the same, else the official release held against its checksums, else Go's cross compiler.
 */
export async function findServerFor(version: string, machine: string): Promise<string> {
  const architecture = architectures[machine];
  if (architecture === undefined) throw new NatsError(`there is no nats-server for Linux on ${machine}`);
  if (process.platform === "linux" && process.arch === architecture) return findTool("nats-server", version);
  const platform = { system: "linux" as const, architecture };
  const tried: string[] = [];
  for (const plain of sourcesOf("nats-server", version, platform)) {
    const source = { ...plain, folder: `${plain.folder}-linux-${architecture}` };
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

function goTarget(architecture: string): NodeJS.ProcessEnv {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return { GOOS: "linux", GOARCH: names[architecture] ?? architecture };
}
