import type { Problem } from "../errors";

const mostPaths = 30;

/** Stands for those that are too many to be told one by one: where they are, and how to see them. */
export function moreProblems(problems: readonly Problem[]): Problem {
  const paths = [...new Set(problems.map(({ path }) => path))].filter((path) => path !== "");
  const more = paths.length > mostPaths ? `, and ${paths.length - mostPaths} more paths` : "";
  const where = paths.length === 0 ? "" : `: at ${paths.slice(0, mostPaths).join(", ")}${more}`;
  const reason = `${problems.length} more problems, told once these are mended${where}`;
  const severity = problems[0]?.severity;
  return { path: "", reason, ...(severity === undefined ? {} : { severity }) };
}
