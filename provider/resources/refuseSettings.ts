import * as pulumi from "@pulumi/pulumi";
import { isError, locatedText, ProblemsError } from "../errors";
import { stackSettingProblems } from "../model/stackSettings";

/** Programs whose settings were looked at already, by their stacks. */
const seen = new WeakSet<object>();

/** Stops a program whose stack has settings for connections that are misspelled; warns once of those that nobody knows. */
export function refuseSettings(): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack && seen.has(stack)) return;
  const problems = stackSettingProblems(Object.keys(pulumi.runtime.allConfig()), pulumi.getProject());
  const errors = problems.filter(isError);
  if (errors.length > 0) throw new ProblemsError("the stack's configuration", errors);
  for (const problem of problems) void pulumi.log.warn(locatedText(problem));
  if (stack) seen.add(stack);
}
