import type { Account, Operator } from "@nats-io/jwt";
import type { JsonObject } from "../exactJson";
import type { Unsigned } from "./claims";
import { validity } from "./userClaims";

/** Settings of an operator, named as nsc's flags. A change restarts the servers of its clusters one by one. */
export interface OperatorSettings {
  /** The operator's name, for people. */
  readonly name: string;
  /** Tags, in lower case. Default none. */
  readonly tag?: readonly string[];
  /** Until when the operator's JWT is valid: "5y", or a date, "2030-01-31". Default always. */
  readonly expiry?: string;
  /** From when it is valid, in the same words. Default at once. */
  readonly start?: string;
  /** Where clients connect, for tools such as nsc: "nats://nats.example.com:4222". Default none. */
  readonly serviceUrl?: readonly string[];
  /** Where nsc finds accounts: a NATS URL, or an account server. Default none. */
  readonly accountJwtServerUrl?: string;
  /** Accounts and users must be issued by signing keys, never by the operator's or an account's own key. Default false. */
  readonly requireSigningKeys?: boolean;
}

export interface OperatorIdentity {
  /** The operator's own key (O…). */
  readonly publicKey: string;
  readonly signingKeys: readonly string[];
  /** The system account (A…). */
  readonly systemAccount: string;
}

export function operatorClaims(
  settings: OperatorSettings,
  identity: OperatorIdentity,
  issuedAt: number,
): Unsigned<Operator> {
  const { name, tag = [], expiry, start, serviceUrl = [], accountJwtServerUrl, requireSigningKeys } = settings;
  const nats: JsonObject = {
    ...(identity.signingKeys.length === 0 ? {} : { signing_keys: [...identity.signingKeys].sort() }),
    ...(accountJwtServerUrl === undefined ? {} : { account_server_url: accountJwtServerUrl }),
    ...(serviceUrl.length === 0 ? {} : { operator_service_urls: serviceUrl }),
    system_account: identity.systemAccount,
    ...(requireSigningKeys ? { strict_signing_key_usage: true } : {}),
    ...(tag.length === 0 ? {} : { tags: tag.map((one) => one.trim().toLowerCase()) }),
    type: "operator",
  };
  return {
    ...validity(expiry, start, issuedAt),
    name,
    sub: identity.publicKey,
    nats: nats,
  };
}

/** The system account with the exports by which accounts may watch themselves, as nsc makes it. */
export function systemAccountClaims(publicKey: string, signingKeys: readonly string[]): Unsigned<Account> {
  const info = "https://docs.nats.io/nats-server/configuration/sys_accounts";
  const nats: JsonObject = {
    exports: [
      {
        name: "account-monitoring-streams",
        subject: "$SYS.ACCOUNT.*.>",
        type: "stream",
        account_token_position: 3,
        description: "Account specific monitoring stream",
        info_url: info,
      },
      {
        name: "account-monitoring-services",
        subject: "$SYS.REQ.ACCOUNT.*.*",
        type: "service",
        response_type: "Stream",
        account_token_position: 4,
        description: "Request account specific monitoring services for: SUBSZ, CONNZ, LEAFZ, JSZ and INFO",
        info_url: info,
      },
    ],
    limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
    ...(signingKeys.length === 0 ? {} : { signing_keys: signingKeys }),
    default_permissions: { pub: {}, sub: {} },
    authorization: {},
    type: "account",
  };
  return { name: "SYS", sub: publicKey, nats: nats };
}
