import { readFileSync } from "node:fs";
import path from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import type { ConfigMap, EngineEvent, OutputMap, PulumiFn } from "@pulumi/pulumi/automation";
import { PulumiBed, pulumiVersion, repository } from "./pulumiBed";
import { StackRun } from "./stackRun";
import { withoutSecrets } from "./stackSecrets";

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
      if (!options.keep && !stack.isEmpty()) {
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
  /** Starts what does not depend on what has failed. */
  readonly continueOnError?: boolean;
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
    bed.makeStack(bed.root, "bed");
    const workspace = await LocalWorkspace.create({
      program,
      pulumiCommand: pulumiOf(bed),
      workDir: bed.root,
      envVars: { ...bed.env, ...options.env },
      projectSettings: { name: "bed", runtime: "nodejs", main: repository },
    });
    // It is there.
    workspace.createStack = () => Promise.resolve();
    const stack = await Stack.create("test", workspace);
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

  /** Whether it has nothing, nor has begun to make something. */
  isEmpty(): boolean {
    const { resources = [], pending_operations: begun = [] } = this.#latest();
    return resources.length + begun.length === 0;
  }

  /** After each operation the SDK asks the command line for its history, and twice for outputs; the state has them. */
  #askLess(): void {
    this.stack.info = () => Promise.resolve(undefined);
    this.stack.outputs = async () => {
      const stack = this.#latest().resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
      const values = withoutSecrets(stack?.outputs ?? {}) as Record<string, unknown>;
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, secret: false }]));
    };
  }

  #latest(): Latest {
    const { checkpoint } = JSON.parse(this.state()) as { checkpoint: { latest?: Latest } };
    return checkpoint.latest ?? {};
  }
}

/** As PulumiCommand.get has it, which asks the command line for its version. */
function pulumiOf(bed: PulumiBed): PulumiCommand {
  const command = path.join(bed.root, "bin", "pulumi");
  const version = { toString: () => pulumiVersion };
  return Object.assign(Object.create(PulumiCommand.prototype) as object, { command, version }) as PulumiCommand;
}

/** What a stack's state says, as far as it is read here. */
interface Latest {
  readonly resources?: { readonly type: string; readonly outputs?: Record<string, unknown> }[];
  readonly pending_operations?: object[];
}

function valuesOf(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}
