import { spawn } from "node:child_process";

export interface CliResult {
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly text: string;
}

/** The real `pulumi` in the repository's root project. */
export class PulumiCli {
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;
  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#cwd = cwd;
    this.#env = env;
  }

  /** Runs it to its end; `show` prints what it says, indented, as it says it. */
  async run(args: readonly string[], show = false): Promise<CliResult> {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: this.#cwd,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (show) process.stdout.write(chunk.toString().replace(/^(?=.)/gm, "    "));
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? 1));
    });
    return { code, text };
  }

  /** Like {@link run}, and fails with what it said where it fails. */
  async must(args: readonly string[], show = false): Promise<string> {
    const { code, text } = await this.run(args, show);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}${show ? "" : `:\n${text}`}`);
    return text;
  }
}
