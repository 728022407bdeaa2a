import { atLeast } from "../model/serverRelease";

/** The releases that the table was held against, newest first. */
const tested = ["2.15.2", "2.14.9", "2.12.15", "2.11.17"] as const;

/** The release whose answers are taken for that version: the newest of them that is not of a later line. */
export function testedVersion(version?: string): string {
  if (version === undefined) return tested[0];
  const line = (release: string) => release.split(".").slice(0, 2).join(".");
  return tested.find((release) => atLeast(version, line(release))) ?? tested[tested.length - 1]!;
}
