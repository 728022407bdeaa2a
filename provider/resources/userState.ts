import { signedClaims } from "../model/jwt/claims";
import { credsText } from "../model/jwt/creds";
import { nkeyKind } from "../model/config/check/nkeyKind";
import { publicKeyOf } from "../model/jwt/nkeys";
import { userClaims } from "../model/jwt/userClaims";
import type { UserSettings } from "../model/jwt/userSettings";
import type { AccountServers } from "../model/jwt/accountServers";

/** What belongs to a user in a program beside its settings. */
export interface UserOptions {
  /** Seed of the user's own key, brought along, or its public key alone. */
  readonly key?: string;
  /** Public key of the account. */
  readonly account: string;
  /** Seed that signs the user. */
  readonly signingKey: string;
  readonly keyring?: string;
  /** The role of the scoped key that signs it. */
  readonly role?: string;
  /** By what it is revoked when it is deleted. */
  readonly authority?: { readonly operatorKey: string; readonly servers: readonly AccountServers[] };
}

export interface UserInputs extends UserSettings, UserOptions {}

export interface UserState extends UserInputs {
  readonly publicKey: string;
  /** Absent where somebody else holds it. */
  readonly seed?: string;
  readonly jwt: string;
  /** Content of a creds file; absent without the seed. */
  readonly creds?: string;
  readonly issuedAt: number;
}

const optionNames: readonly string[] = ["key", "account", "signingKey", "keyring", "role", "authority"];
const outputNames: readonly string[] = ["publicKey", "seed", "jwt", "creds", "issuedAt"];

export function settingsOf(inputs: object): UserSettings {
  const others = [...optionNames, ...outputNames];
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !others.includes(name)),
  ) as unknown as UserSettings;
}

export function inputsOf(state: UserState): UserInputs {
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !outputNames.includes(name)),
  ) as unknown as UserInputs;
}

/** The user with its JWT as of a time. */
export function issueUser(
  inputs: UserInputs,
  own: { readonly publicKey: string; readonly seed: string | undefined },
  issuedAt: number,
): UserState {
  const jwt = userJwt(inputs, own.publicKey, issuedAt);
  return {
    ...inputs,
    publicKey: own.publicKey,
    ...(own.seed === undefined ? {} : { seed: own.seed }),
    jwt,
    ...(own.seed === undefined ? {} : { creds: credsText(jwt, own.seed) }),
    issuedAt,
  };
}

export function userJwt(inputs: UserInputs, publicKey: string, issuedAt: number): string {
  const { account, signingKey, role } = inputs;
  const issuerAccount = publicKeyOf(signingKey) === account ? undefined : account;
  return signedClaims(
    userClaims(settingsOf(inputs), { publicKey, issuerAccount, role }, issuedAt),
    signingKey,
    issuedAt,
  );
}

/** A key that a program brings along: a seed, or a public key alone. */
export function keyPair(key: string): { readonly publicKey: string; readonly seed: string | undefined } {
  const text = key.trim();
  return nkeyKind(text) === "user"
    ? { publicKey: text, seed: undefined }
    : { publicKey: publicKeyOf(text), seed: text };
}
