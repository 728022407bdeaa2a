import type { Problem } from "../errors";

const longestName = 255;

/** What is wrong with the name of a stream, consumer or bucket, or undefined. */
export function nameProblem(path: string, what: string, name: string): Problem | undefined {
  if (name === "") return { path, reason: `the ${what}'s name is empty`, fix: `${path}: "ORDERS"` };
  const bad = /[\s.*>\\/]/.exec(name);
  if (bad) {
    return {
      path,
      reason: `${JSON.stringify(name)} can't name a ${what}: it contains ${JSON.stringify(bad[0])} (no spaces, ".", "*", ">", "/", "\\")`,
      fix: `${path}: ${JSON.stringify(plainName(name))}`,
    };
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > longestName)
    return { path, reason: `the ${what}'s name has ${bytes} bytes; at most ${longestName} are allowed` };
  return undefined;
}

/** The name that is most like it and good for a stream, consumer or bucket. */
export function plainName(name: string): string {
  return name.trim().replace(/[\s.*>\\/]+/g, "_") || "ORDERS";
}

/** What is wrong with a subject that may hold wildcards, in words, or undefined. */
export function subjectFault(subject: string): string | undefined {
  if (subject === "") return "is empty";
  if (/\s/.test(subject)) return "contains white space";
  if (subject.includes("\0")) return "contains a zero byte";
  const tokens = subject.split(".");
  if (tokens.includes("")) return "has an empty token (two dots in a row, or one at an end)";
  const rest = tokens.indexOf(">");
  if (rest >= 0 && rest < tokens.length - 1) return 'has ">" before its last token';
  return undefined;
}

/** True where a subject has no wildcard. */
export function isLiteral(subject: string): boolean {
  return !subject.split(".").some((token) => token === "*" || token === ">");
}

/** True where one message could match both. */
export function subjectsCollide(left: string, right: string): boolean {
  const [a, b] = [left.split("."), right.split(".")];
  for (let index = 0; ; index++) {
    const [x, y] = [a[index], b[index]];
    if (x === undefined || y === undefined) return x === y;
    if (x === ">" || y === ">") return true;
    if (x !== y && x !== "*" && y !== "*") return false;
  }
}

/** True where everything that matches `subject` matches `of` too. */
export function isSubset(subject: string, of: string): boolean {
  const [a, b] = [subject.split("."), of.split(".")];
  for (let index = 0; ; index++) {
    const [x, y] = [a[index], b[index]];
    if (x === undefined || y === undefined) return x === y;
    if (y === ">") return true;
    if (x === ">" || (y !== "*" && x !== y)) return false;
  }
}

/** What is wrong with a mapping from one subject to another, in words, or undefined. */
export function mappingFault(source: string, destination: string): string | undefined {
  if (destination === "") return undefined;
  const fault = subjectFault(destination.replace(/\{\{[^}]*\}\}/g, "x"));
  if (fault) return `the destination "${destination}" ${fault}`;
  const wildcards = source.split(".").filter((token) => token === "*").length;
  for (const [text, index] of destination.matchAll(/(?:\$|\{\{\s*wildcard\(\s*)(\d+)(?:\s*\)\s*\}\})?/gi)) {
    if (Number(index) > wildcards || Number(index) < 1) {
      return `the destination's ${text} has no counterpart: "${source}" has ${wildcards} "*"`;
    }
  }
  return undefined;
}
