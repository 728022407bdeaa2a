/** Text between quotes, in which a POSIX shell reads nothing but the text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** One word for a POSIX shell, without quotes where it needs none. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word);
}

export function shellWords(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}
