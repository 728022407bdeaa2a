import { joinPath } from "../conf/path";
import type { Problem } from "../errors";
import { nearest } from "./config/propertyName";

/** What else is known of an object's properties. */
export interface OtherNames {
  /** Names that a property has elsewhere. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What to type for a name that is like none of the object's, where it belongs to another one. */
  readonly elsewhere?: (name: string) => string | undefined;
}

/** What is said of a property of the object at `parent` that nobody reads: the name that was meant, or all that there are. */
export function unknownProperty(
  name: string,
  parent: string,
  known: readonly string[],
  { aliases = {}, elsewhere }: OtherNames = {},
): Problem {
  const problem = { path: joinPath(parent, name), reason: `there is no property "${name}" here` };
  const meant = meantName(name, known, aliases);
  if (meant !== undefined) return { ...problem, fix: `write ${meant}`, meant: joinPath(parent, meant) };
  // A long list is what the documentation is for.
  const all = known.length > 20 ? "leave it out" : `one of ${known.join(", ")}`;
  return { ...problem, fix: elsewhere?.(name) ?? all };
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
