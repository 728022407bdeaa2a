import type { Problem } from "../errors";
import { redact, redacted } from "../redact";

/** A value that the program marked as secret at a place whose name doesn't say so. */
export interface MarkedSecret {
  /** Where it stands in the inputs: `subjects[0]`. */
  readonly path: string;
  /** Every text in it. */
  readonly texts: readonly string[];
}

/** Every text of a value; of numbers too, since a program may have made one a secret. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "number" || typeof value === "bigint" ? [String(value)] : [];
}

/** The problems without any secret: where one is about a secret, without parts of it either, which a reason may quote cut or spelled anew. */
export function hideSecrets(problems: readonly Problem[], secrets: readonly MarkedSecret[]): Problem[] {
  if (secrets.length === 0) return [...problems];
  const all = secrets.flatMap(({ texts }) => texts);
  return problems.map(({ reason, fix, ...problem }) => {
    const texts = secrets.flatMap((secret) => (isAbout(problem, secret) ? secret.texts : []));
    const hidden = (text: string): string => redact(texts.reduce(withoutParts, text), all);
    // A fix that was spelled from a secret is nothing to type.
    return { ...problem, reason: hidden(reason), ...(fix === undefined || hidden(fix) !== fix ? {} : { fix }) };
  });
}

/** The problem's place is the secret's, or inside of it, or the list that it is a member of. */
function isAbout({ path }: Pick<Problem, "path">, secret: MarkedSecret): boolean {
  const starts = (whole: string, part: string, next: RegExp): boolean =>
    whole.startsWith(part) && next.test(whole.slice(part.length));
  return path === secret.path || starts(path, secret.path, /^[.[]/) || starts(secret.path, path, /^\[\d+\]$/);
}

/** Fewer letters in a row tell nothing, and stand in many words. */
const shortestPart = 4;

function withoutParts(text: string, secret: string): string {
  if (secret.length < shortestPart) {
    // A short number may stand beside its unit, and is none inside of another number.
    const letter = /^\W*\d+\W*$/.test(secret) ? "\\d" : "\\w";
    const whole = secret.replace(/\W/g, "\\$&");
    return text.replace(new RegExp(`(?<!${letter})${whole}(?!${letter})`, "g"), redacted);
  }
  const [lower, known] = [text.toLowerCase(), secret.toLowerCase()];
  let result = "";
  for (let from = 0; from < text.length;) {
    let to = from;
    while (to < text.length && known.includes(lower.slice(from, to + 1))) to++;
    if (to - from >= shortestPart) result += redacted;
    else result += text.slice(from, (to = from + 1));
    from = to;
  }
  return result.replaceAll(redacted + redacted, redacted);
}
