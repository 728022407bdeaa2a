import { signedAgain, signedClaims } from "../model/jwt/claims";
import { credsText } from "../model/jwt/creds";
import { publicKeyOf } from "../model/jwt/nkeys";
import type { OperatorInputs } from "../model/jwt/operatorChecks";
import { operatorClaims, systemAccountClaims } from "../model/jwt/operatorClaims";
import { signingKeysOf } from "../model/jwt/signingKeys";
import { userClaims } from "../model/jwt/userClaims";
import { generatedKeys, newSeed } from "./jwtIssue";

export interface OperatorState extends OperatorInputs {
  readonly publicKey: string;
  /** Seed of the operator's own key. */
  readonly seed: string;
  /** Seed that issues accounts: a signing key's, or the operator's own. */
  readonly signingKey: string;
  /** Public signing keys. */
  readonly signingKeys: readonly string[];
  /** Seeds that were made here, by name. */
  readonly generated: Readonly<Record<string, string>>;
  readonly jwt: string;
  readonly systemAccount: string;
  readonly systemAccountJwt: string;
  readonly systemAccountSeed: string;
  /** Seed that issues users of the system account. */
  readonly systemSigningKey: string;
  readonly systemUser: string;
  readonly systemUserJwt: string;
  readonly systemCreds: string;
  /** When all of it was issued, in seconds. */
  readonly issuedAt: number;
}

/** The operator with its system account and that account's user, issued at a time; keys of before are kept. */
export function issueOperator(
  inputs: OperatorInputs,
  before: OperatorState | undefined,
  issuedAt: number,
): OperatorState {
  const seed = inputs.key ?? before?.seed ?? newSeed("operator");
  const accountSeed = inputs.systemAccountKey ?? before?.systemAccountSeed ?? newSeed("account");
  const userSeed = inputs.systemUserKey ?? before?.generated["systemUser"] ?? newSeed("user");
  const generated: Record<string, string> = {
    ...generatedKeys(inputs.sk, "operator", before?.generated),
    systemUser: userSeed,
  };
  const keys = signingKeysOf(inputs.sk, generated);
  const signingKey = keys.find((key) => key.seed !== undefined)?.seed ?? seed;
  // Where signing keys are required, servers take no user that an account's own key issued.
  const required = inputs.requireSigningKeys === true;
  const accountSigner = required ? (before?.generated["systemAccount"] ?? newSeed("account")) : accountSeed;
  if (required) generated["systemAccount"] = accountSigner;
  const systemAccount = publicKeyOf(accountSeed);
  const signers = required ? [publicKeyOf(accountSigner)] : [];
  const identity = { publicKey: publicKeyOf(seed), signingKeys: keys.map((key) => key.publicKey), systemAccount };
  const user = { publicKey: publicKeyOf(userSeed), issuerAccount: required ? systemAccount : undefined };
  const userJwt = signedAgain(
    (time) => userClaims({ name: "sys" }, user, time),
    accountSigner,
    before?.systemUserJwt,
    issuedAt,
  );
  const accountJwt = signedAgain(
    () => systemAccountClaims(systemAccount, signers),
    signingKey,
    before?.systemAccountJwt,
    issuedAt,
  );
  return {
    ...inputs,
    publicKey: identity.publicKey,
    seed,
    signingKey,
    signingKeys: identity.signingKeys,
    generated,
    jwt: signedClaims(operatorClaims(inputs, identity, issuedAt), seed, issuedAt),
    systemAccount,
    systemAccountJwt: accountJwt,
    systemAccountSeed: accountSeed,
    systemSigningKey: accountSigner,
    systemUser: user.publicKey,
    systemUserJwt: userJwt,
    systemCreds: credsText(userJwt, userSeed),
    issuedAt,
  };
}
