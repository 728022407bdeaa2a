import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import type { ConfigMap, EngineEvent, OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { PulumiBed, repository } from "./pulumiBed";
import { StackRun } from "./stackRun";

export interface StackOptions {
  /** Configuration of the stack: `{"nats:servers": "nats://…", "nats:password": {value: "…", secret: true}}`. */
  readonly config?: Readonly<Record<string, string | { readonly value: string; readonly secret: true }>>;
  /** Environment of the engine, and so of the provider. The program itself runs in this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Leave what the stack made: for a test that destroys it itself. */
  readonly keep?: boolean;
}

/** Runs a real stack with a backend of its own, and destroys it at the end, whatever happens. */
export async function withStack(
  program: PulumiFn,
  work: (stack: TestStack) => Promise<void>,
  options: StackOptions = {},
): Promise<void> {
  const bed = await PulumiBed.make();
  try {
    const stack = await TestStack.make(bed, program, options);
    let worked = false;
    try {
      await work(stack);
      worked = true;
    } finally {
      if (!options.keep) {
        stack.env = { ...options.env, PULUMI_NATS_ON_DATA_LOSS: "allow" };
        const end = await stack.attempt("destroy");
        // A failing test's own error says more than that of the tidying after it.
        if (worked && end.error !== undefined) throw new Error(`destroy failed:\n${end.text}`);
      }
    }
  } finally {
    bed.remove();
  }
}

export type Operation = "up" | "preview" | "refresh" | "destroy";

export interface RunOptions {
  /** Shows changes in full, as `--diff` does. */
  readonly diff?: boolean;
  readonly target?: string[];
  readonly refresh?: boolean;
}

/** A stack whose program may be changed between two operations. */
export class TestStack {
  readonly bed: PulumiBed;
  readonly stack: Stack;

  private constructor(bed: PulumiBed, stack: Stack) {
    this.bed = bed;
    this.stack = stack;
  }

  static async make(bed: PulumiBed, program: PulumiFn, options: StackOptions): Promise<TestStack> {
    const pulumiCommand = await PulumiCommand.get({ root: bed.root, skipVersionCheck: true });
    const stack = await LocalWorkspace.createStack(
      { stackName: "test", projectName: "bed", program },
      {
        pulumiCommand,
        workDir: bed.root,
        envVars: { ...bed.env, ...options.env },
        projectSettings: { name: "bed", runtime: "nodejs", main: repository },
      },
    );
    const made = new TestStack(bed, stack);
    made.#askLess();
    const config = Object.entries(options.config ?? {});
    if (config.length > 0) {
      const values = config.map(([key, value]) => [key, typeof value === "string" ? { value } : value]);
      await stack.setAllConfig(Object.fromEntries(values) as ConfigMap);
    }
    return made;
  }

  /** Another program from now on. */
  set program(program: PulumiFn) {
    this.stack.workspace.program = program;
  }

  set env(env: Readonly<Record<string, string>>) {
    this.stack.workspace.envVars = { ...this.bed.env, ...env };
  }

  up(options?: RunOptions): Promise<StackRun> {
    return this.must("up", options);
  }

  preview(options?: RunOptions): Promise<StackRun> {
    return this.must("preview", options);
  }

  refresh(options?: RunOptions): Promise<StackRun> {
    return this.must("refresh", options);
  }

  destroy(options?: RunOptions): Promise<StackRun> {
    return this.must("destroy", options);
  }

  /** The state as it is stored: what the Automation API exports has its secrets decrypted. */
  state(): string {
    return readFileSync(path.join(this.bed.root, "state", ".pulumi", "stacks", "bed", "test.json"), "utf8");
  }

  /** Fails the test with everything that was printed. */
  async must(operation: Operation, options?: RunOptions): Promise<StackRun> {
    const run = await this.attempt(operation, options);
    if (run.error !== undefined) throw new Error(`${operation} failed:\n${run.text}\n${run.error}`);
    return run;
  }

  /** Runs it and returns what happened, also where it failed. */
  async attempt(operation: Operation, options: RunOptions = {}): Promise<StackRun> {
    const events: EngineEvent[] = [];
    let text = "";
    const shared = {
      ...options,
      onEvent: (event: EngineEvent) => void events.push(event),
      onOutput: (part: string) => void (text += part),
      onError: (part: string) => void (text += part),
      color: "never" as const,
    };
    let error: string | undefined;
    let outputs: Record<string, unknown> = {};
    try {
      const result = await this.stack[operation](shared);
      if ("outputs" in result) outputs = valuesOf(result.outputs as OutputMap);
    } catch (caught) {
      error = caught instanceof Error ? caught.message : String(caught);
    }
    return new StackRun(events, text, outputs, error);
  }

  /**
   * After each operation the SDK asks the command line for its history, and twice for outputs, which takes a third of the
   * time. The state has them; only what is secret among them needs the command line.
   */
  #askLess(): void {
    this.stack.info = () => Promise.resolve(undefined);
    this.stack.outputs = async () => {
      const values = this.#plainOutputs() ?? (await this.#outputs());
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, secret: false }]));
    };
  }

  #plainOutputs(): Record<string, unknown> | undefined {
    const { checkpoint } = JSON.parse(this.state()) as Checkpoint;
    const stack = checkpoint.latest?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
    const outputs = stack?.outputs ?? {};
    return JSON.stringify(outputs).includes(specialSigKey) ? undefined : outputs;
  }

  async #outputs(): Promise<Record<string, unknown>> {
    const { workspace, name } = this.stack;
    const args = ["stack", "output", "--json", "--show-secrets", "--stack", name];
    const options = { cwd: workspace.workDir, env: { ...process.env, ...workspace.envVars } };
    const { stdout } = await promisify(execFile)(workspace.pulumiCommand.command, args, options);
    return JSON.parse(stdout) as Record<string, unknown>;
  }
}

/** The file that holds a stack's state, as far as it is read here. */
interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: { readonly resources?: { readonly type: string; readonly outputs?: Record<string, unknown> }[] };
  };
}

function valuesOf(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}
