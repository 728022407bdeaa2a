/** True where a server's version is `than` or later: atLeast("2.14.9", "2.12.15"). A preview ("2.15.0-dev") counts as its release. */
export function atLeast(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  for (let index = 0; index < 3; index++) {
    if (a[index] !== b[index]) return a[index]! > b[index]!;
  }
  return true;
}

/** JetStream's API level of a release, where the server itself can't be asked. */
export function apiLevelOf(version: string): number {
  const levels = [
    ["2.15", 5],
    ["2.14", 4],
    ["2.12.1", 3],
    ["2.12", 2],
    ["2.11", 1],
  ] as const;
  return levels.find(([release]) => atLeast(version, release))?.[1] ?? 0;
}

function numbers(version: string): number[] {
  const parts = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [1, 2, 3].map((index) => Number(parts[index] ?? 0));
}
