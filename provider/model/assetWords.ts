import type { Problem } from "../errors";
import type { Field, Fields } from "./jsonFields";

/** What turns the server's names into those of a program. */
export interface AssetWords {
  /** `mirror.subject_transforms[0].src` as a program writes it. */
  readonly argPath: (path: string) => string;
  /** A text with the names that a program uses in place of the server's. */
  readonly argWords: (text: string) => string;
}

/** What is quoted is a value; one that was cut ends with its dots. */
const quoted = /("(?:[^"\\…]|\\.|…(?![\s:]|$))*(?:"|…))/;

/** `extra` are further words that a kind has of its own, as patterns. */
export function assetWords(top: Fields, extra: readonly (readonly [RegExp, string])[] = []): AssetWords {
  const spellings = Object.entries(top)
    .filter(([name, field]) => name !== field.json && field.json.includes("_"))
    .map(([name, field]) => [new RegExp(`\\b${field.json}\\b`, "g"), name] as const)
    .concat(extra);
  const renamed = (text: string) => spellings.reduce((words, [pattern, name]) => words.replace(pattern, name), text);
  return {
    argWords: (text) =>
      text
        .split(quoted)
        .map((part, index) => (index % 2 === 1 ? part : renamed(part)))
        .join(""),
    argPath: (path) => {
      let fields = top;
      return path
        .split(".")
        .map((segment) => {
          const [, key, index] = /^([^[]*)(.*)$/.exec(segment)!;
          const found = Object.entries(fields).find(([, field]) => field.json === key);
          if (!found) return segment;
          const { kind }: Field = found[1];
          if (typeof kind === "object" && "object" in kind) fields = kind.object;
          if (typeof kind === "object" && "list" in kind) fields = kind.list;
          return `${found[0]}${index}`;
        })
        .join(".");
    },
  };
}

/** Faults of what was read, in a program's words, after those that kept values from being read. */
export function withNamedFaults(
  unreadable: readonly Problem[],
  faults: readonly Problem[],
  words: AssetWords,
): Problem[] {
  const named = faults.map((fault) => ({
    ...fault,
    path: words.argPath(fault.path),
    reason: words.argWords(fault.reason),
    ...(fault.fix ? { fix: words.argWords(fault.fix) } : {}),
  }));
  // A value that could not be read is absent in the configuration: what follows from its absence says nothing new.
  const unread = new Set(unreadable.map(({ path }) => topOf(path)));
  return [...unreadable, ...named.filter(({ path }) => !unread.has(topOf(path)))];
}

export function adoptProblems(adopt: unknown): Problem[] {
  if (adopt === undefined || typeof adopt === "boolean") return [];
  return [{ path: "adopt", reason: `${JSON.stringify(adopt)}: true or false is wanted` }];
}

function topOf(path: string): string {
  return /^[^.[]*/.exec(path)![0];
}
