import { randomBytes } from "node:crypto";
import type { Diff } from "../host/handler";
import { seedOf } from "../model/jwt/nkeys";
import type { NkeyRole } from "../model/jwt/nkeys";
import { generatedName, signingKeyEntries } from "../model/jwt/signingKeys";
import type { SigningKeyInputs } from "../model/jwt/signingKeys";
import { dateText, readTerm } from "../model/jwt/term";

/** Now, in seconds, as claims tell time. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** When claims are issued that follow others: servers take only what is newer than what they have. */
export function nextIssue(...before: readonly (number | undefined)[]): number {
  return Math.max(now(), ...before.map((time) => (time ?? 0) + 1));
}

export function newSeed(role: NkeyRole): string {
  return seedOf(role, randomBytes(32));
}

/** The generated signing keys that `sk` asks for: those of before, and new ones. */
export function generatedKeys(
  sk: SigningKeyInputs,
  role: NkeyRole,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const names = signingKeyEntries(sk).flatMap((entry) => generatedName(entry) ?? []);
  return Object.fromEntries(names.map((name) => [name, before[name] ?? newSeed(role)]));
}

/** True in the last third of a time span: what is valid for "90d" is issued anew after 60. */
export function isDue(expiry: string | undefined, issuedAt: number): boolean {
  const term = readTerm("expiry", expiry, []);
  if (term === undefined || "at" in term) return false;
  const span = term.after(issuedAt) - issuedAt;
  return now() >= issuedAt + (span * 2) / 3;
}

/** What a diff says of claims that are about to end. */
export function renewal(expiry: string | undefined, issuedAt: number): Pick<Diff, "changes" | "notes"> {
  if (!isDue(expiry, issuedAt)) return { changes: {} };
  const term = readTerm("expiry", expiry, []);
  const end = term && "after" in term ? term.after(issuedAt) : issuedAt;
  const left = end <= now() ? `ended ${dateText(end)}` : `ends ${dateText(end)}`;
  return {
    changes: { expiry: "update" },
    notes: [
      { severity: "warning", message: `the JWT of ${dateText(issuedAt)} ${left}: it is issued anew for ${expiry}` },
    ],
  };
}
