import { ProblemsError } from "../errors";
import type { Argument } from "../model/argument";

/** Stops a program whose arguments of a resource are of another shape than the constructor can work with. */
export function refuseArguments(kind: string, name: string, shape: Argument, args: unknown): void {
  const problems = shape(args, "");
  if (problems.length > 0) throw new ProblemsError(`nats.${kind} ${JSON.stringify(name)}`, problems);
}
