/** One thing that is wrong (or doubtful) in an input: where, what and why, and what to type instead. */
export interface Problem {
  /** Property path as the user wrote it, such as `accounts.APP.users[0].password`; "" for the whole. */
  readonly path: string;
  /** What is wrong, with the value that was seen (never a secret's), and why. */
  readonly reason: string;
  /** The fix, as one would type it. */
  readonly fix?: string;
  /** A warning is shown and goes on; an error stops before anything changes. Default "error". */
  readonly severity?: "error" | "warning";
  /** Of an unknown property: the path of the one that was meant. */
  readonly meant?: string;
  /** Only `nats-server -t` takes it for an error; a start warns and goes on. */
  readonly onlyTested?: boolean;
}

/** `reason. Fix: …` on one line, as it is shown beside the property's path. */
export function problemText(problem: Problem): string {
  return problem.fix ? `${problem.reason}. Fix: ${problem.fix}` : problem.reason;
}

/** The same with its property's path before it. */
export function locatedText(problem: Problem): string {
  return problem.path === "" ? problemText(problem) : `${problem.path}: ${problemText(problem)}`;
}

/** Stops with all of them, a line each; goes on where there are none. */
export function refuseAll(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new NatsError(problems.map(locatedText).join("\n"));
}

export function isError(problem: Problem): boolean {
  return problem.severity !== "warning";
}

/** What is wrong, and what to type instead, apart from where. */
export type Told = Pick<Problem, "reason" | "fix">;

/** An error that is meant for the user: shown without a stack. Its message is the reason with the fix, where there is one. */
export class NatsError extends Error {
  override readonly name: string = "NatsError";
  readonly told: Told;
  constructor(reason: string, options: ErrorOptions & { readonly fix?: string | undefined } = {}) {
    const { fix, ...rest } = options;
    const told = fix === undefined ? { reason } : { reason, fix };
    super(problemText({ path: "", ...told }), rest);
    this.told = told;
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** What an error tells, to stand beside a property's path. */
export function toldBy(error: unknown): Told {
  return error instanceof NatsError ? error.told : { reason: (error as Error).message };
}

/** All problems of one input at once. */
export class ProblemsError extends NatsError {
  override readonly name = "ProblemsError";
  /** By this mark Pulumi prints the message of an error in a program, and nothing else of it. */
  readonly __pulumiRunError = true;
  readonly problems: readonly Problem[];
  constructor(subject: string, problems: readonly Problem[]) {
    super(`${subject}:\n${problems.map((problem) => `  ${locatedText(problem)}`).join("\n")}`);
    this.problems = problems;
  }
}
