import type { Problem } from "../errors";
import { nearest } from "./config/propertyName";

/** What is said of a property that nobody reads: the name that was meant, or all that there are. */
export function unknownProperty(
  name: string,
  path: string,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): Problem {
  const plain = (text: string): string => text.replace(/[_-]/g, "").toLowerCase();
  const meant =
    (Object.hasOwn(aliases, name) ? aliases[name] : undefined) ??
    known.find((one) => plain(one) === plain(name)) ??
    nearest(name, known);
  const all = known.length === 0 ? "leave it out" : `one of ${known.join(", ")}`;
  return { path, reason: `there is no property "${name}" here`, fix: meant === undefined ? all : `write ${meant}` };
}
