import { isSecretName } from "../model/secretName";

/** Every text that stands under the name of a secret, at any depth. */
export function secretValues(value: unknown, secret = false): string[] {
  if (typeof value === "string") return secret ? [value, ...lines(value)] : [];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((element) => secretValues(element, secret));
  return Object.entries(value).flatMap(([name, member]) => secretValues(member, secret || isSecretName(name)));
}

/** A line of a creds file or PEM block is as secret as the whole. */
function lines(text: string): string[] {
  return text.includes("\n") ? text.split("\n").filter((line) => line.length >= 16 && !line.startsWith("-")) : [];
}
