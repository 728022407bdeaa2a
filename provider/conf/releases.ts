/** What a release of the server reads differently; without a version, the newest counts. */

/** `5e7bcd` and the like are errors up to here, texts later. */
export function readsDigitAfterSuffixAsText(serverVersion: string | undefined): boolean {
  return !isBefore(serverVersion, [2, 14, 8]);
}

/** The definitions of used variables belong to the configuration and its digest; before, servers removed them. */
export function keepsUsedVariables(serverVersion: string | undefined): boolean {
  return !isBefore(serverVersion, [2, 12, 6]);
}

function isBefore(version: string | undefined, release: readonly [number, number, number]): boolean {
  if (version === undefined) return false;
  const [, ...parts] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  for (const [index, wanted] of release.entries()) {
    const part = Number(parts[index] ?? 0);
    if (part !== wanted) return part < wanted;
  }
  return false;
}
