import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { NatsError } from "../errors";
import { DeniedDownload, fetchText } from "./download";
import type { GoFileSource, GoSource } from "./toolSources";

/** Builds a tool from the Go module proxy; go.sum, or Go's checksum database, says what it must be. `target`: for another system. */
export async function buildTool(
  source: GoSource,
  folder: string,
  file: string,
  target: NodeJS.ProcessEnv = {},
): Promise<void> {
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ["-s -w", source.ldflags].filter(Boolean).join(" ")];
  if (source.module) {
    const args = ["build", "-mod=readonly", ...flags, "-o", path.join(folder, file), source.package];
    await go(args, modulePath(source.module), target);
    return;
  }
  if (target["GOARCH"] !== undefined) {
    throw new NatsError(notPinned(source.version));
  }
  const args = ["install", "-mod=mod", ...flags, `${source.package}@v${source.version}`];
  await go(args, folder, { GOBIN: folder });
  if (!existsSync(path.join(folder, file))) throw new NatsError(`${source.package} builds no ${file}`);
}

/** Fails where the Go module proxy does not have a tool's version, there is no Go, or nobody answers; downloads nothing. */
export async function lookForModule(source: GoSource, target: NodeJS.ProcessEnv = {}): Promise<void> {
  const proxies = (await go(["env", "GOPROXY"], __dirname)).trim().split(/[,|]/);
  // What is pinned is known to be there.
  if (source.module) return;
  if (target["GOARCH"] !== undefined) throw new DeniedDownload(notPinned(source.version));
  // One with a password in its URL is Go's alone to ask.
  const proxy = proxies.find((one) => /^https?:[^@]+$/.test(one));
  const [module] = /^.*?\/v\d+(?=\/|$)/.exec(source.package) ?? [source.package];
  if (proxy === undefined) throw new NatsError("no Go module proxy can be asked before a download");
  await fetchText(`${proxy.replace(/\/+$/, "")}/${module}/@v/v${source.version}.info`);
}

function notPinned(version: string): string {
  return `nats-server ${version} is none of the versions that can be built for another system`;
}

/** Copies a file out of a module that a pinned one depends on. */
export async function copyFromModule(source: GoFileSource, folder: string): Promise<void> {
  const cwd = modulePath(source.module);
  const answer = await go(["mod", "download", "-json", `${source.dependency}@v${source.version}`], cwd);
  const file = path.join(folder, path.posix.basename(source.file));
  copyFileSync(path.join((JSON.parse(answer) as { Dir: string }).Dir, source.file), file);
  chmodSync(file, 0o755);
}

/** Folder of a pinned module: it ships with the package, beside the compiled code or the sources. */
function modulePath(module: string): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "provider", "tools", "modules", module);
    if (existsSync(path.join(candidate, "go.mod"))) return candidate;
  }
  throw new NatsError(`provider/tools/modules/${module} is missing from the package. Fix: install pulumi-nats again`);
}

async function go(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn("go", args, {
    cwd,
    // A workspace of the user's would build something other than what is pinned.
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new NatsError("go is not on PATH") : error),
    );
    child.once("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) {
    const last = errors.trim().split("\n").slice(-3).join(" / ");
    throw new NatsError(`go ${args[0]} ended with ${code}: ${last}`);
  }
  return output;
}
