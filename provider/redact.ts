/** What stands in place of a secret. */
export const redacted = "[secret]";

/** Secrets shorter than this are left: masking every "ab" of a text hides nothing and spoils all. */
const shortest = 4;

/**
 * A text that may be shown: known secrets, and whatever has the form of one (userinfo of URLs, private keys in PEM,
 * nkey seeds, creds files, JWTs), stand as "[secret]".
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let result = text;
  // Longest first, so that a secret that contains another one is masked whole.
  for (const secret of spellings(secrets)) result = result.replaceAll(secret, redacted);
  return forms.reduce((masked, { pattern, replacement }) => masked.replace(pattern, replacement), result);
}

/** A URL, or a comma-separated list of them, without its user and password. */
export function maskUrl(url: string): string {
  return url.replace(userinfo.pattern, userinfo.replacement);
}

/** One URL or address, with a scheme or without: nothing before its last "@" is shown. */
export function maskAddress(address: string): string {
  return address.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:)?\/\/)?[\s\S]*@/i, `$1${redacted}@`);
}

/** A key whose name alone says that its value is secret. */
export function isSecretKey(key: string): boolean {
  return /^(pass(word|wd|phrase)?|token|secret|seed)$/i.test(key);
}

interface Form {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Up to the last "@" before the path: passwords are often pasted unescaped, with commas and quotes. */
const userinfo: Form = { pattern: /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/"]+@/gi, replacement: `$1${redacted}@` };

const forms: readonly Form[] = [
  {
    pattern: /(-{3,5}BEGIN [A-Z ]*PRIVATE KEY-{3,5})[\s\S]*?(-{3,5}END [A-Z ]*PRIVATE KEY-{3,5}|$)/g,
    replacement: `$1 ${redacted} $2`,
  },
  {
    pattern: /(-{3,5}BEGIN (?:NATS USER JWT|(?:USER )?NKEY SEED)-{3,5})[\s\S]*?(-{3,6}END [A-Z ]*-{3,6}|$)/g,
    replacement: `$1 ${redacted} $2`,
  },
  { pattern: /\bS[OAUNCX][A-Z2-7]{56}\b/g, replacement: redacted },
  { pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g, replacement: redacted },
  userinfo,
];

/** Each secret as it may stand in a text: plain, in a URL, and in a JSON string. */
function spellings(secrets: Iterable<string>): string[] {
  const all = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < shortest) continue;
    for (const spelling of [secret, uriSpelling(secret), JSON.stringify(secret).slice(1, -1)]) all.add(spelling);
  }
  return [...all].sort((a, b) => b.length - a.length);
}

function uriSpelling(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // A lone surrogate can't stand in a URL.
    return secret;
  }
}
