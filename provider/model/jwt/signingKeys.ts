import type { Json } from "../exactJson";
import type { ScopedKeySettings } from "./accountSettings";
import { nkeyKind } from "../config/check/nkeyKind";
import { publicKeyOf } from "./nkeys";
import { completeLimits, expandUser } from "./userClaims";
import { userLimitFields } from "./userFields";

/** A key that may issue users: any, or with a role those of its template. */
export interface SigningKey {
  readonly publicKey: string;
  /** Undefined where somebody else holds it. */
  readonly seed: string | undefined;
  readonly scope?: ScopedKeySettings;
}

/** What a program says of signing keys: seeds, public keys, "generate", and roles. */
export type SigningKeyInputs = string | readonly (string | ScopedKeySettings)[] | undefined;

/** The entries one by one; what is no list has none, and is told of elsewhere. */
export function signingKeyEntries(sk: SigningKeyInputs): readonly (string | ScopedKeySettings)[] {
  if (typeof sk === "string") return [sk];
  return Array.isArray(sk) ? (sk as readonly (string | ScopedKeySettings)[]) : [];
}

/** The name under which a generated key is kept: the role's, or "" for the one without. */
export function generatedName(entry: string | ScopedKeySettings): string | undefined {
  if (typeof entry === "string") return entry === "generate" ? "" : undefined;
  return (entry.key ?? "generate") === "generate" ? entry.role : undefined;
}

/** The keys themselves, with generated ones by their name. */
export function signingKeysOf(sk: SigningKeyInputs, generated: Readonly<Record<string, string>>): SigningKey[] {
  return signingKeyEntries(sk).map((entry) => {
    const name = generatedName(entry);
    const given = typeof entry === "string" ? entry : entry.key!;
    const key = name === undefined ? given.trim() : generated[name]!;
    const seed = nkeyKind(key)?.endsWith("seed") ? key : undefined;
    const scope = typeof entry === "string" ? {} : { scope: entry };
    return { publicKey: seed === undefined ? key : publicKeyOf(seed), seed, ...scope };
  });
}

export function scopeClaims({ publicKey, scope }: SigningKey): Json {
  if (scope === undefined) return publicKey;
  const { role, key: _key, description, ...limits } = scope;
  return {
    kind: "user_scope",
    key: publicKey,
    role,
    template: completeLimits(expandUser(limits, [], userLimitFields)),
    description: description ?? "",
  };
}
