import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PulumiBed, repository } from "./pulumiBed";

export interface ProjectOptions {
  /** Files of the project beside Pulumi.yaml; `index.js` is the program. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of a node_modules with another @pulumi/pulumi than the repository's; this package is then copied beside it. */
  readonly sdk?: string;
  /** As it is for users, also where tests could be quicker: for a measurement. */
  readonly stock?: boolean;
}

export interface CliRun {
  readonly code: number;
  /** What stands on standard output and standard error, as they came. */
  readonly text: string;
}

/** A project folder of its own for the real command line, with a stack "test". */
export class PulumiProject {
  readonly bed: PulumiBed;
  readonly dir: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(bed: PulumiBed, dir: string, env: NodeJS.ProcessEnv) {
    this.bed = bed;
    this.dir = dir;
    this.#env = env;
  }

  static async make({ files, env, sdk, stock = false }: ProjectOptions): Promise<PulumiProject> {
    const bed = await PulumiBed.make({ stock });
    const dir = path.join(bed.root, "project");
    mkdirSync(dir);
    // A program without types needs no compiler, which takes longer to load than all else.
    const isPlain = !stock && files["index.js"] !== undefined;
    const runtime = isPlain ? "{ name: nodejs, options: { typescript: false } }" : "nodejs";
    writeFileSync(path.join(dir, "Pulumi.yaml"), `name: bed\nruntime: ${runtime}\n`);
    writeFileSync(path.join(dir, "package.json"), '{ "name": "bed", "main": "index.js" }\n');
    if (sdk === undefined) symlinkSync(path.join(repository, "node_modules"), path.join(dir, "node_modules"));
    else installCopy(path.join(dir, "node_modules"), sdk);
    for (const [file, text] of Object.entries(files)) writeIn(dir, file, text);
    if (!stock) bed.makeStack(dir, /^name: (\S+)$/m.exec(readFileSync(path.join(dir, "Pulumi.yaml"), "utf8"))![1]!);
    const project = new PulumiProject(bed, dir, { ...process.env, ...bed.env, ...env });
    if (stock) await project.must(["stack", "init", "test"]);
    return project;
  }

  write(file: string, text: string): void {
    writeIn(this.dir, file, text);
  }

  /** Starts it and leaves it running. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: this.dir,
      env: { ...this.#env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliRun> {
    return ended(this.start(args, env));
  }

  async must(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
    const { code, text } = await this.run(args, env);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${text}`);
    return text;
  }

  remove(): void {
    this.bed.remove();
  }
}

/** Waits for the end of a process that {@link PulumiProject.start} started. */
export async function ended(child: ChildProcess): Promise<CliRun> {
  let text = "";
  child.stdout!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  return { code, text: text.replace(/.*using pulumi-\S+ from \$PATH.*\n/g, "") };
}

function writeIn(dir: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), text);
}

/** As a package manager would: this package, what it needs, and the SDK from elsewhere. */
function installCopy(modules: string, sdk: string): void {
  const own = path.join(modules, "pulumi-nats");
  mkdirSync(own, { recursive: true });
  for (const part of ["dist", "package.json"])
    cpSync(path.join(repository, part), path.join(own, part), { recursive: true });
  // Real folders for scopes that both bring something to.
  mkdirSync(path.join(modules, "@pulumi"));
  symlinkSync(path.join(sdk, "@pulumi", "pulumi"), path.join(modules, "@pulumi", "pulumi"));
  for (const name of [
    "nats",
    "@nats-io",
    "nkeys.js",
    "tweetnacl",
    "@peculiar",
    "reflect-metadata",
    "bcryptjs",
    "commander",
  ]) {
    symlinkSync(path.join(repository, "node_modules", name), path.join(modules, name));
  }
}
