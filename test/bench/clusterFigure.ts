import { PulumiProject } from "../bed/pulumiProject";
import { measured } from "./measured";

/** How long a command took, beside what does the same without Pulumi. */
export interface ClusterFigure {
  readonly title: string;
  readonly seconds: number;
  readonly other?: { readonly name: string; readonly seconds: number };
}

/** Commands of the real command line on a project of its own, as a user's are, each with how long it took. */
export class TimedProject {
  readonly #project: PulumiProject;

  private constructor(project: PulumiProject) {
    this.#project = project;
  }

  static async make(program: string): Promise<TimedProject> {
    return new TimedProject(await PulumiProject.make({ files: { "index.js": program }, stock: true }));
  }

  /** Seconds of one command; the program finds `env` in its environment. */
  async seconds(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
    process.stderr.write(`bench: pulumi ${args.join(" ")}\n`);
    const { dir, bed } = this.#project;
    const all = [...args, "--non-interactive", "--color=never", "--suppress-outputs"];
    const run = await measured("pulumi", all, { cwd: dir, env: { ...process.env, ...bed.env, ...env } });
    return run.seconds;
  }

  async up(env?: Readonly<Record<string, string>>): Promise<number> {
    return this.seconds(["up", "--yes", "--skip-preview"], env);
  }

  async unchanged(env?: Readonly<Record<string, string>>): Promise<number> {
    return this.seconds(["preview", "--expect-no-changes"], env);
  }

  /** Takes away what it made and then itself. */
  async end(env: Readonly<Record<string, string>> = {}): Promise<void> {
    try {
      await this.seconds(["destroy", "--yes", "--skip-preview"], { ...env, PULUMI_NATS_ON_DATA_LOSS: "allow" });
    } finally {
      this.#project.remove();
    }
  }
}

/** What every preview costs, whatever is in the program: the command line, its language host and its SDK. */
export async function previewOfNothing(): Promise<number> {
  const project = await TimedProject.make('require("@pulumi/pulumi");\n');
  try {
    await project.up();
    return await project.unchanged();
  } finally {
    await project.end();
  }
}

/** Seconds that something takes. */
export async function secondsOf(what: string, work: () => Promise<unknown>): Promise<number> {
  process.stderr.write(`bench: ${what}\n`);
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}
