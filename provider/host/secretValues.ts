/** Names under which secrets travel. The engine hands plain values to a dynamic provider, so names are all there is to go by. */
const secretName = /pass(word|wd|phrase)|secret|token|seed|creds|credential|private|^key$|^jwt$|keyPem$/i;

/** Every text that stands under the name of a secret, at any depth. */
export function secretValues(value: unknown, secret = false): string[] {
  if (typeof value === "string") return secret ? [value, ...lines(value)] : [];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((element) => secretValues(element, secret));
  return Object.entries(value).flatMap(([name, member]) => secretValues(member, secret || isSecretName(name)));
}

export function isSecretName(name: string): boolean {
  return secretName.test(name) && !/file$|path$/i.test(name);
}

/** A line of a creds file or PEM block is as secret as the whole. */
function lines(text: string): string[] {
  return text.includes("\n") ? text.split("\n").filter((line) => line.length >= 16 && !line.startsWith("-")) : [];
}
