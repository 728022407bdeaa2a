import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { NatsError } from "../errors";
import type { GoFileSource, GoSource } from "./toolSources";

/** Builds a tool from the Go module proxy; go.sum, or Go's checksum database, says what it must be. */
export async function buildTool(source: GoSource, file: string): Promise<void> {
  const ldflags = ["-s -w", source.ldflags].filter(Boolean).join(" ");
  if (source.module) {
    const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ldflags];
    await go(["build", ...flags, "-o", file, source.package], modulePath(source.module));
    return;
  }
  const args = ["install", "-trimpath", "-ldflags", ldflags, `${source.package}@v${source.version}`];
  await go(args, path.dirname(file), { GOBIN: path.dirname(file), GOFLAGS: "-mod=mod" });
  const built = path.join(path.dirname(file), "v2");
  if (!existsSync(file) && existsSync(built)) copyFileSync(built, file);
}

/** Copies a file out of a module that a pinned one depends on. */
export async function copyFromModule(source: GoFileSource, file: string): Promise<void> {
  const cwd = modulePath(source.module);
  const answer = await go(["mod", "download", "-json", `${source.dependency}@v${source.version}`], cwd);
  const folder = (JSON.parse(answer) as { Dir: string }).Dir;
  const suffix = file.endsWith(".cmd") ? ".cmd" : "";
  copyFileSync(path.join(folder, source.file + suffix), file);
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
    env: { ...process.env, CGO_ENABLED: "0", ...env },
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
  if (code !== 0)
    throw new NatsError(`go ${args[0]} ended with ${code}: ${errors.trim().split("\n").slice(-3).join(" / ")}`);
  return output;
}
