import type { ConfValue } from "../../../conf/value";
import { isConfList, isConfMap } from "../../../conf/value";
import type { Problem } from "../../../errors";

/** Collects what is wrong with one configuration. */
export class CheckContext {
  readonly problems: Problem[] = [];
  /** True where the value at a path was used as a variable, so that its key may have any name. */
  readonly isUsedVariable: (path: string) => boolean;

  constructor(isUsedVariable: (path: string) => boolean = () => false) {
    this.isUsedVariable = isUsedVariable;
  }

  error(path: string, reason: string, fix?: string): void {
    this.problems.push({ path, reason, ...(fix === undefined ? {} : { fix }) });
  }

  /** What a server warns of when it starts, and -t refuses. */
  testError(path: string, reason: string, fix?: string): void {
    this.problems.push({ path, reason, ...(fix === undefined ? {} : { fix }), onlyTested: true });
  }

  warn(path: string, reason: string, fix?: string): void {
    this.problems.push({ path, reason, ...(fix === undefined ? {} : { fix }), severity: "warning" });
  }
}

/** What a value is, in words that show nothing of a secret. */
export function kindOf(value: ConfValue): string {
  if (isConfMap(value)) return "a map";
  if (isConfList(value)) return "a list";
  if (typeof value === "string") return "text";
  if (typeof value === "bigint" || typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  return value instanceof Date ? "a date" : "a variable";
}

/** The text of a plain value; "" for a map, a list and nothing. */
export function plainText(value: ConfValue | undefined): string {
  if (typeof value === "string") return value;
  return typeof value === "bigint" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
