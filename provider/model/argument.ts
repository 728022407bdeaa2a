import { joinPath } from "../conf/path";
import type { Problem } from "../errors";
import { isObject } from "./exactJson";
import { nearest } from "./config/propertyName";
import { milliseconds, UnitError, withUnits } from "./units";
import { unknownProperty } from "./unknownProperty";
import type { OtherNames } from "./unknownProperty";

/**
 * What a program may give for one argument: all that is wrong with a value of it. TypeScript says the same earlier, but not to plain
 * JavaScript, nor to what went through `any`. Absent values pass, unless they are {@link required}.
 */
export type Argument = (value: unknown, path: string) => Problem[];

export const anything: Argument = () => [];
export const text = kind("text", (value) => typeof value === "string");
/** Text that no message shows. */
export const secretText = kind("text", (value) => typeof value === "string", true);
/** "5m"; what it says is judged elsewhere. */
export const duration: Argument = (value, path) =>
  text(value, path).map((problem) =>
    typeof value === "number" && value >= 0
      ? { ...problem, reason: `${value} has no unit`, fix: withUnits(String(value)) }
      : problem,
  );
/** "5m" that something is waited for. */
export const patience: Argument = (value, path) => {
  const problems = duration(value, path);
  if (problems.length > 0 || value === undefined) return problems;
  try {
    return milliseconds(value as string) > 0 ? [] : [{ path, reason: `${shown(value)} leaves no time`, fix: '"5m"' }];
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return [{ path, reason: error.message, fix: error.fix ?? '"5m"' }];
  }
};
export const flag = kind("true or false", (value) => typeof value === "boolean");
export const number = kind("a number", (value) => typeof value === "number");
export const callback = kind("a function", (value) => typeof value === "function");
/** An object whose members are others' business. */
export const object = kind("an object", isPlain);
export const labels = mapOf(text);
/** A resource, or something with the same members as far as they are used. */
export function having(what: string, members: readonly string[], fix?: string): Argument {
  const has = (value: unknown): boolean =>
    typeof value === "object" && value !== null && members.every((member) => member in value);
  return kind(what, has, false, fix);
}

export function words(...all: readonly string[]): Argument {
  const list = all.map((word) => `"${word}"`).join(" or ");
  const is = kind(list, (value) => all.includes(value as string));
  return (value, path) => {
    const meant = typeof value === "string" ? nearest(value, all) : undefined;
    return is(value, path).map((problem) => (meant === undefined ? problem : { ...problem, fix: `"${meant}"` }));
  };
}

/** A value that may be known only later. */
export function input(of: Argument): Argument {
  return (value, path) => (isLater(value) ? [] : of(value, path));
}

export function either(...of: readonly Argument[]): Argument {
  return (value, path) => {
    const found = of.map((one) => one(value, path));
    // What is said of a member tells more than what is said of the whole.
    return (
      found.find((problems) => problems.length === 0) ?? found.find(([first]) => first!.path !== path) ?? found[0]!
    );
  };
}

export function listOf(of: Argument): Argument {
  const list = kind("a list", Array.isArray);
  return (value, path) => {
    const problems = list(value, path);
    if (problems.length > 0 || value === undefined) return problems;
    // Holes too.
    return Array.from(value as unknown[]).flatMap((member, index) => required(of)(member, joinPath(path, index)));
  };
}

/** Values by name. */
export function mapOf(of: Argument): Argument {
  return members((value, path) => Object.entries(value).flatMap(([name, member]) => of(member, joinPath(path, name))));
}

/** An object with these members and no other ones; the compiler sees to it that all are there. */
export function objectOf<Args extends object>(
  known: { readonly [Key in keyof Required<Args>]: Argument },
  others: OtherNames = {},
): Argument {
  const checks = new Map<string, Argument>(Object.entries(known));
  return members((value, path) => [
    ...Object.keys(value)
      .filter((name) => !checks.has(name))
      .map((name) => unknownProperty(name, path, [...checks.keys()], others)),
    ...[...checks].flatMap(([name, check]) =>
      check((value as Readonly<Record<string, unknown>>)[name], joinPath(path, name)),
    ),
  ]);
}

/** An object with these members among others, which are judged elsewhere. */
export function partOf<Args extends object>(known: { readonly [Key in keyof Args]?: Argument }): Argument {
  const checks = Object.entries<Argument>(known as Readonly<Record<string, Argument>>);
  return members((value, path) =>
    checks.flatMap(([name, check]) => check((value as Readonly<Record<string, unknown>>)[name], joinPath(path, name))),
  );
}

/** The same with what to type in place of a value of another kind. */
export function such(of: Argument, fix: string): Argument {
  return (value, path) =>
    of(value, path).map((problem) =>
      problem.path === path && problem.fix !== "leave it out" ? { ...problem, fix } : problem,
    );
}

/** What must be given. */
export function required(of: Argument, fix?: string): Argument {
  return (value, path) => {
    const reason = path === "" ? "the arguments are missing" : "is missing";
    if (value === undefined) return [{ path, reason, ...(fix === undefined ? {} : { fix }) }];
    return of(value, path).map((problem) =>
      fix !== undefined && problem.path === path ? { ...problem, fix } : problem,
    );
  };
}

/** The arguments without those of which something is wrong, for what can be said of the rest. */
export function usable<Args extends object>(args: Args, problems: readonly Problem[]): Args {
  const wrong = new Set(problems.map(({ path }) => /^[\w$-]+/.exec(path)?.[0]));
  return Object.fromEntries(Object.entries(args).filter(([name]) => !wrong.has(name))) as Args;
}

function members(check: (value: object, path: string) => Problem[]): Argument {
  return (value, path) => {
    const problems = object(value, path);
    return problems.length > 0 || value === undefined ? problems : check(value as object, path);
  };
}

function kind(wanted: string, is: (value: unknown) => boolean, isSecret = false, fix?: string): Argument {
  return (value, path) => {
    if (value === undefined || is(value)) return [];
    const isOver = isLater(value);
    const reason = isOver
      ? `${shown(value)}, known only later: ${wanted} is wanted, known when the program runs`
      : `${isSecret ? kindOf(value) : shown(value)}: ${wanted} is wanted`;
    const plain = fix ?? (isSecret ? undefined : spelled(value, wanted));
    const better = isOver ? 'a plain value, such as config.require("…")' : value === null ? "leave it out" : plain;
    return [{ path, reason, ...(better === undefined ? {} : { fix: better }) }];
  };
}

/** The same value as what is wanted. */
function spelled(value: unknown, wanted: string): string | undefined {
  const isScalar = ["number", "boolean"].includes(typeof value);
  if (wanted === "text") return isScalar ? JSON.stringify(String(value)) : undefined;
  if (wanted === "a number" && typeof value === "string") return /^-?\d+$/.test(value) ? value : undefined;
  if (wanted === "a list" && typeof value === "string") return `[${shown(value)}]`;
  return wanted === "true or false" && /^(true|false)$/.test(String(value)) ? String(value) : undefined;
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  const isWord = value === undefined || value === null || ["number", "boolean", "bigint"].includes(typeof value);
  return isWord ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isMarked(value, "__pulumiOutput")) return "an Output";
  if (value instanceof Promise) return "a Promise";
  if (isMarked(value, "__pulumiResource")) return "a resource";
  return typeof value === "string" ? "text" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

function isPlain(value: unknown): boolean {
  return isObject(value) && !isLater(value) && !isMarked(value, "__pulumiResource");
}

function isLater(value: unknown): boolean {
  return value instanceof Promise || isMarked(value, "__pulumiOutput");
}

function isMarked(value: unknown, mark: string): boolean {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)[mark] === true;
}
