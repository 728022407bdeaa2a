/** True for a subject that the server takes: tokens between dots, none empty, `>` only at the end. */
export function isValidSubject(subject: string): boolean {
  const tokens = subject.split(".");
  return tokens.every(
    (token, index) => token !== "" && !/[\t\n\f\r ]/.test(token) && (token !== ">" || index === tokens.length - 1),
  );
}

export function isLiteral(subject: string): boolean {
  return !subject.split(".").some((token) => token === "*" || token === ">");
}

export function hasWildcard(subject: string): boolean {
  return !isLiteral(subject);
}

/** True where every message of `subject` is one of `pattern`. */
export function isSubset(subject: string, pattern: string): boolean {
  const tokens = subject.split(".");
  const test = pattern.split(".");
  for (const [index, wanted] of test.entries()) {
    const token = tokens[index];
    if (token === undefined || wanted === "") return false;
    if (wanted === ">") return true;
    if (token === "" || token === ">") return false;
    if (token === "*" ? wanted !== "*" : wanted !== "*" && wanted !== token) return false;
  }
  return tokens.length === test.length;
}

/** True where one message could be of both. */
export function collide(a: string, b: string): boolean {
  const first = a.split(".");
  const second = b.split(".");
  for (let index = 0; ; index++) {
    const [x, y] = [first[index], second[index]];
    if (x === undefined || y === undefined) return x === y;
    if (x === ">" || y === ">") return true;
    if (x !== y && x !== "*" && y !== "*") return false;
  }
}

/** `orders.*.*` as a destination: `orders.$1.$2`. */
export function markWildcards(subject: string): string {
  let count = 0;
  return subject.replace(/(?<=^|\.)\*(?=\.|$)/g, () => `$${++count}`);
}

/** `orders.$1` as a pattern: `orders.*`. */
export function unmarkWildcards(subject: string): string {
  return subject.replace(/(?<=^|\.)(\$\d+|\{\{\s*[wW]ildcard\s*\([^)]*\)\s*\}\})(?=\.|$)/g, "*");
}

/** Why a mapping from `source` to `destination` can't be, or undefined when it can. */
export function mappingProblem(source: string, destination: string, strict = false): string | undefined {
  if (destination === "") return undefined;
  const stars = source.split(".").filter((token) => token === "*").length;
  const tokens = destination.split(".");
  if (!isSubjectShape(source) || !isSubjectShape(destination)) return `"${destination}" is not a valid destination`;
  if (tokens.includes("*")) return `"${destination}" has "*": a destination names wildcards as $1, $2, …`;
  if (source.endsWith(">") !== destination.endsWith(">"))
    return `">" must end both "${source}" and "${destination}", or none`;
  let used = 0;
  for (const token of tokens) {
    const placed = placeholder(token);
    if (placed === undefined) continue;
    if (typeof placed === "string") return `${token}: ${placed}`;
    if (strict && !placed.wildcard) return `${token}: only wildcards can be placed in an import`;
    if (stars === 0 && !source.endsWith(">") && (placed.indexes.length > 0 || !placed.free))
      return `${token}: "${source}" has no wildcards`;
    if (placed.indexes.some((index) => index > stars)) return `${token}: "${source}" has only ${stars} wildcards`;
    used += placed.indexes.length;
  }
  if (strict && used < stars) return `"${destination}" does not use all wildcards of "${source}"`;
  return undefined;
}

interface Placeholder {
  readonly wildcard: boolean;
  /** Needs no wildcard of the source. */
  readonly free: boolean;
  readonly indexes: readonly number[];
}

/** A token that places something, a string that says what is wrong with it, or undefined for plain text. */
function placeholder(token: string): Placeholder | string | undefined {
  if (/^\$[+-]?\d+$/.test(token)) return { wildcard: true, free: false, indexes: [Number(token.slice(1))] };
  if (token.length <= 4 || !token.startsWith("{{") || !token.endsWith("}}")) {
    return /[\t\n\f\r ]/.test(token) ? "has a space" : undefined;
  }
  const call = /\{\{\s*([A-Za-z]+)\s*\((.*)\)\s*\}\}/.exec(token);
  const name = call && functionName(call[1]!);
  if (!name) return "unknown mapping function";
  const args = call[2]!.split(/,\s*/).map((text) => text.replace(/^ +| +$/g, ""));
  const numbers = args.map((text) => (/^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN));
  const count = { wildcard: 1, random: 1, split: 2 }[name as "wildcard"] ?? (name === "partition" ? undefined : 2);
  if (count !== undefined && args.length !== count) return `takes ${count} arguments`;
  const numeric = name === "split" ? numbers.slice(0, 1) : numbers;
  if (numeric.some(Number.isNaN)) return "has an argument that is not a number";
  if (name === "split" && /[ .]/.test(args[1]!)) return "has a bad delimiter";
  if (name === "random") return { wildcard: false, free: true, indexes: [] };
  if (name === "partition") return { wildcard: false, free: true, indexes: numbers.slice(1) };
  return { wildcard: name === "wildcard", free: false, indexes: [numbers[0]!] };
}

function functionName(written: string): string | undefined {
  const names = "partition wildcard splitFromLeft splitFromRight sliceFromLeft sliceFromRight split left right random";
  const known = names.split(" ").find((name) => name.toLowerCase() === written.toLowerCase());
  // Only the first letter of each word may be of either case.
  return known && [...known].every((letter, index) => letter === written[index] || /[A-Z]/.test(letter) || index === 0)
    ? known
    : undefined;
}

function isSubjectShape(subject: string): boolean {
  const tokens = subject.split(".");
  return tokens.every((token, index) => token !== "" && (token !== ">" || index === tokens.length - 1));
}
