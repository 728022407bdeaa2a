import type { Problem } from "../../errors";
import type { JsonObject } from "../exactJson";
import { nameProblem, subjectFault } from "../names";
import { streamFields } from "./nackFields";
import { nackSpec } from "./nackSpec";

/**
 * What is written where the program says nothing: the controller's own defaults are a stream in memory that forgets
 * every message after a year.
 */
const defaults = { storage: "file", maxAge: 0, preventDelete: true };

/** The spec of a Stream object, with what is wrong in it. */
export function streamSpec(inputs: Readonly<Record<string, unknown>>): { spec: JsonObject; problems: Problem[] } {
  const problems: Problem[] = [];
  const spec = nackSpec(streamFields, { ...defaults, ...inputs }, problems);
  const { name, subjects, mirror, sources } = inputs as {
    name: string;
    subjects?: unknown;
    mirror?: unknown;
    sources?: unknown;
  };
  const fault = nameProblem("name", "stream", name);
  if (fault) problems.push(fault);
  if (Array.isArray(subjects)) problems.push(...subjectProblems(subjects));
  if (subjects === undefined && mirror === undefined && sources === undefined) {
    problems.push({
      path: "subjects",
      reason: "a stream without subjects, mirror and sources gets no message",
      fix: `subjects: ["${name.toLowerCase()}.>"]`,
    });
  }
  return { spec, problems };
}

function subjectProblems(subjects: readonly unknown[]): Problem[] {
  return subjects.flatMap((subject, index) => {
    const fault = typeof subject === "string" ? subjectFault(subject) : undefined;
    return fault
      ? [{ path: `subjects[${index}]`, reason: `"${String(subject)}" ${fault}`, fix: 'subjects: ["orders.>"]' }]
      : [];
  });
}
