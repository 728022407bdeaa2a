import type { Problem } from "../errors";
import { nearest } from "./config/propertyName";

/** What is said of a property that nobody reads: the name that was meant, or all that there are. */
export function unknownProperty(
  name: string,
  path: string,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): Problem {
  const meant = meantName(name, known, aliases);
  // A long list is what the documentation is for.
  const all = known.length > 20 ? "leave it out" : `one of ${known.join(", ")}`;
  return { path, reason: `there is no property "${name}" here`, fix: meant === undefined ? all : `write ${meant}` };
}

/** The name that is called so elsewhere, is spelt another way, or is nearly that one. */
export function meantName(
  name: string,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): string | undefined {
  const plain = (text: string): string => text.replace(/[_-]/g, "").toLowerCase();
  const spellings = [...known, ...Object.keys(aliases)];
  const found =
    (Object.hasOwn(aliases, name) ? name : undefined) ??
    spellings.find((one) => plain(one) === plain(name)) ??
    nearest(name, spellings);
  return found !== undefined && Object.hasOwn(aliases, found) ? aliases[found] : found;
}
