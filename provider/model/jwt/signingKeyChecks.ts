import type { Problem } from "../../errors";
import { either, listOf, object, secretText, such } from "../argument";
import { nkeyKind } from "../config/check/nkeyKind";
import type { ScopedKeySettings } from "./accountSettings";
import { signingKeyEntries } from "./signingKeys";
import type { SigningKeyInputs } from "./signingKeys";
import { limitProblems } from "./userChecks";

const keyList = such(listOf(either(object, secretText)), 'sk: "generate"');

/** Signing keys of the wrong kind, given twice, or whose role is not clear. */
export function signingKeyProblems(sk: SigningKeyInputs, owner: "operator" | "account"): Problem[] {
  const problems = sk === undefined || typeof sk === "string" ? [] : keyList(sk, "sk");
  if (problems.length > 0) return problems;
  const seen = new Set<string>();
  for (const [index, entry] of signingKeyEntries(sk).entries()) {
    const path = typeof sk === "string" ? "sk" : `sk[${index}]`;
    if (typeof entry !== "string") problems.push(...scopeProblems(entry, path, owner, seen));
    const key = typeof entry === "string" ? entry : entry.key;
    if (key !== undefined && key !== "generate")
      problems.push(...keyProblems(typeof entry === "string" ? path : `${path}.key`, key, owner));
    const mark = key ?? "generate";
    const name = typeof entry === "string" ? mark : `${mark}:${entry.role}`;
    if (typeof entry === "string" && seen.has(name))
      problems.push({ path, reason: `it stands in the list twice`, fix: "take one out" });
    seen.add(name);
  }
  return problems;
}

/** A key of the wrong kind; a seed is never shown. */
export function keyProblems(
  path: string,
  key: string,
  owner: "operator" | "account" | "user",
  mayBePublic = true,
): Problem[] {
  const wrong = secretText(key, path);
  if (wrong.length > 0) return wrong;
  const found = nkeyKind(key.trim());
  if (found === `${owner} seed` || (mayBePublic && found === owner)) return [];
  const letter = owner[0]!.toUpperCase();
  const article = (kind: string) => (/^[aeio]/.test(kind) ? "an" : "a");
  const seen =
    found === undefined
      ? "it is no nkey"
      : found.endsWith("seed")
        ? `it is the seed of ${article(found)} ${found.slice(0, -5)}`
        : `it is the public key of ${article(found)} ${found}`;
  const wanted = `the seed of ${article(owner)} ${owner} (S${letter}…)${mayBePublic ? `, or its public key (${letter}…),` : ""} is wanted`;
  return [{ path, reason: `${seen}; ${wanted}`, fix: `new nats.Nkey("…", { type: "${owner}" }).seed` }];
}

function scopeProblems(entry: ScopedKeySettings, path: string, owner: string, seen: Set<string>): Problem[] {
  if (owner === "operator") {
    return [{ path, reason: "signing keys of an operator have no role: accounts have", fix: `the key alone` }];
  }
  const { role, key: _key, description: _description, ...limits } = entry;
  if (typeof role !== "string" || role.trim() === "")
    return [{ path: `${path}.role`, reason: "the role has no name", fix: 'role: "service"' }];
  const problems = limitProblems(limits, undefined, `${path}.`);
  if (seen.has(`role ${role}`))
    problems.push({ path: `${path}.role`, reason: `"${role}" stands in the list twice`, fix: "another name" });
  seen.add(`role ${role}`);
  return problems;
}
