/** Names under which secrets travel. The engine hands plain values to a dynamic provider: of what else is secret the program tells it. */
const secretName = /pass(word|wd|phrase)|secret|token|seed|creds|credential|private|^key$|^jwt$|keyPem$/i;

export function isSecretName(name: string): boolean {
  return secretName.test(name) && !/file$|path$/i.test(name);
}
