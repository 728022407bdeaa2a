import { execFile } from "node:child_process";
import type { ExecFileOptions } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const exec = promisify(execFile);
const root = path.resolve(__dirname, "../..");

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

interface Packed {
  readonly filename: string;
  readonly files: readonly PackedFile[];
  readonly size: number;
}

/** Fails with all that the command said. */
export async function run(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await exec(command, args, { ...options, maxBuffer: 1 << 26 });
    return { stdout: String(stdout), stderr: String(stderr) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    throw new Error(`${[command, ...args].join(" ")} ended with ${String(code)}:\n${stdout}\n${stderr}`);
  }
}

/** The package as `npm pack` makes it from a copy of the sources, built there, so that the checkout's `dist` is left alone. */
export class PackedPackage {
  readonly dir: string;
  readonly tarball: string;
  readonly files: readonly PackedFile[];
  readonly size: number;

  private constructor(dir: string, packed: Packed) {
    this.dir = dir;
    this.tarball = path.join(dir, packed.filename);
    this.files = packed.files;
    this.size = packed.size;
  }

  static async make(): Promise<PackedPackage> {
    const dir = mkdtempSync(path.join(tmpdir(), "pulumi-nats-package-"));
    const copy = path.join(dir, "checkout");
    mkdirSync(copy);
    const sources = [
      "components",
      "provider",
      "test/bed",
      "examples",
      "package.json",
      "tsconfig.json",
      "tsconfig.build.json",
    ];
    for (const file of [...sources, "README.md", "CHANGELOG.md", "LICENSE"]) {
      cpSync(path.join(root, file), path.join(copy, file), { recursive: true });
    }
    symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
    try {
      const { stdout } = await npm(["pack", "--json", "--pack-destination", dir], copy);
      const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [Packed];
      return new PackedPackage(dir, packed);
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /** A folder for a program, beside the tarball and outside the repository. */
  project(name: string, files: Readonly<Record<string, string | object>>): string {
    const dir = path.join(this.dir, name);
    mkdirSync(dir, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(
        path.join(dir, file),
        typeof content === "string" ? content : JSON.stringify(content, undefined, 2),
      );
    }
    return dir;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function npm(args: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  return run("npm", [...args, "--no-audit", "--no-fund", "--prefer-offline"], { cwd });
}

/** pnpm of this repository, which asks the same registry as npm does. */
export async function pnpm(args: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  const registry = (await run("npm", ["config", "get", "registry"], { cwd: root })).stdout.trim();
  const env = { ...process.env, npm_config_registry: registry, CI: "true" };
  const cli = path.join(root, "node_modules", "pnpm", "bin", "pnpm.cjs");
  return run(process.execPath, [cli, ...args], { cwd, env });
}

/** The version of a development dependency, so that a program outside has what is tested here. */
export function versionHere(name: string): string {
  const file = path.join(root, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
