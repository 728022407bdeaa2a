import type { Account } from "@nats-io/jwt";
import type { AccountServers } from "../model/jwt/accountServers";
import type { AccountSettings, ExportSettings } from "../model/jwt/accountSettings";
import { accountClaims } from "../model/jwt/accountClaims";
import { readClaims, signedClaims } from "../model/jwt/claims";
import { publicKeyOf } from "../model/jwt/nkeys";
import { signingKeysOf } from "../model/jwt/signingKeys";
import type { SigningKey, SigningKeyInputs } from "../model/jwt/signingKeys";

/** What belongs to an account in a program beside its settings. */
export interface AccountOptions {
  /** Seed of the account's own key, brought along, or its public key alone. */
  readonly key?: string;
  readonly sk?: SigningKeyInputs;
  /** Public key of the operator. */
  readonly operator: string;
  /** Seed that signs the account. */
  readonly operatorKey: string;
  readonly operatorKeyring?: string;
  /** Where it is pushed to. */
  readonly servers: readonly AccountServers[];
  readonly adopt?: boolean;
  readonly onDataLoss?: "refuse" | "allow";
}

export interface AccountInputs extends AccountSettings, AccountOptions {
  /** Exports of accounts that it imports from, where the program has them, by public key; only looked at, never kept. */
  readonly exportsOf?: Readonly<Record<string, readonly ExportSettings[]>>;
}

export interface AccountState extends AccountInputs {
  readonly publicKey: string;
  /** Absent where somebody else holds it. */
  readonly seed?: string;
  /** Seed that issues users. */
  readonly signingKey?: string;
  /** Public signing keys. */
  readonly signingKeys: readonly string[];
  /** Seeds of scoped signing keys, by role. */
  readonly roles: Readonly<Record<string, string>>;
  /** Seeds that were made here. */
  readonly generated: Readonly<Record<string, string>>;
  readonly jwt: string;
  readonly issuedAt: number;
  /** By cluster that has it on all of its servers, the id of the claims. */
  readonly pushed: Readonly<Record<string, string>>;
}

const optionNames = [
  "key",
  "sk",
  "operator",
  "operatorKey",
  "operatorKeyring",
  "servers",
  "adopt",
  "onDataLoss",
] as const;
const outputNames = [
  "publicKey",
  "seed",
  "signingKey",
  "signingKeys",
  "roles",
  "generated",
  "jwt",
  "issuedAt",
  "pushed",
] as const;

/** The settings alone. */
export function settingsOf(inputs: AccountInputs): AccountSettings {
  const others: readonly string[] = [...optionNames, ...outputNames, "exportsOf"];
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !others.includes(name)),
  ) as unknown as AccountSettings;
}

export function inputsOf(state: AccountState): AccountInputs {
  const outputs: readonly string[] = outputNames;
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !outputs.includes(name)),
  ) as unknown as AccountInputs;
}

/** The keys of an account: its own, and those that issue users. */
export interface AccountKeyring {
  readonly publicKey: string;
  readonly seed: string | undefined;
  readonly generated: Readonly<Record<string, string>>;
  readonly signingKeys: readonly SigningKey[];
}

export function keyringOf(
  inputs: AccountInputs,
  own: { readonly publicKey: string; readonly seed: string | undefined },
  generated: Readonly<Record<string, string>>,
): AccountKeyring {
  return { ...own, generated, signingKeys: signingKeysOf(inputs.sk, generated) };
}

/** What is known of an account's keys, as it is stored. */
export function keyOutputs({
  publicKey,
  seed,
  generated,
  signingKeys,
}: AccountKeyring): Pick<AccountState, "publicKey" | "seed" | "signingKey" | "signingKeys" | "roles" | "generated"> {
  const issuer = signingKeys.find((key) => key.seed !== undefined && key.scope === undefined)?.seed ?? seed;
  const roles = signingKeys.flatMap(({ seed: held, scope }) => (held && scope ? [[scope.role, held] as const] : []));
  return {
    publicKey,
    ...(seed === undefined ? {} : { seed }),
    ...(issuer === undefined ? {} : { signingKey: issuer }),
    signingKeys: signingKeys.map((key) => key.publicKey),
    roles: Object.fromEntries(roles),
    generated,
  };
}

/** The account's JWT as of a time. */
export function issueAccount(
  inputs: AccountInputs,
  { publicKey, signingKeys }: AccountKeyring,
  revocations: Readonly<Record<string, number>>,
  issuedAt: number,
): string {
  const claims = accountClaims(settingsOf(inputs), { publicKey, signingKeys, revocations }, issuedAt);
  return signedClaims(claims, inputs.operatorKey, issuedAt);
}

export function revocationsIn(jwt: string | undefined): Record<string, number> {
  return { ...(jwt === undefined ? {} : readClaims<Account>(jwt)?.nats.revocations) };
}

export function publicOf(key: string): string {
  return key.startsWith("S") ? publicKeyOf(key.trim()) : key.trim();
}
