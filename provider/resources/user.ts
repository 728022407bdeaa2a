import * as pulumi from "@pulumi/pulumi";
import type { UserSettings } from "../model/jwt/userSettings";
import { Account } from "./account";
import type { AccountKeys } from "./account";
import { flag, having, partOf, required } from "../model/argument";
import { refuseArguments } from "./refuseArguments";
import { NatsResource } from "./natsResource";
import type { Wrapped } from "./wrapped";

export type * from "../model/jwt/userSettings";

type SettingArgs = { readonly [Key in keyof UserSettings]?: Wrapped<UserSettings[Key]> };

/** Arguments of {@link User}: nsc's flags in camelCase, its account and its key. */
export interface UserArgs extends SettingArgs {
  /** The account that the user belongs to. Another account is another user. */
  readonly account: Account | AccountKeys;
  /** Role of the account's scoped signing key that issues the user, and says what it may do. Default none. */
  readonly role?: pulumi.Input<string>;
  /** Seed (SU…) of a user key of your own, kept as a secret; or its public key (U…), where another holds it: then there are no creds. Default: one is made. */
  readonly key?: pulumi.Input<string>;
  /**
   * End the user's access when it is deleted or replaced: its account's claims void all JWTs of its key, and servers close its
   * connections. Default true. With false its creds stay valid until they expire.
   */
  readonly revokeOnDelete?: boolean;
}

/**
 * A user of an account: a key with a JWT that says what it may do, issued by the account's signing key where it has one. Nothing is
 * pushed for it: whoever has its creds gets in. A change of what it may do is a new JWT for the same key; clients keep what the old
 * one allows until they connect with the new creds, and the old creds stay valid until they expire: revoke them by the account's
 * `revocations`, or make another user. Deleted, its access ends at once.
 *
 * @example
 * ```ts
 * const solaris = new nats.User("solaris", {
 *     account: streamCore,
 *     allowPub: ["staging.tunnel.outbound", "$JS.API.>"],
 *     allowSub: ["staging.tunnel.inbound", "_INBOX.>"],
 *     expiry: "90d",
 * });
 * const provider = new nats.Provider("solaris", { servers: east.urls, creds: solaris.creds });
 * ```
 */
export class User extends NatsResource {
  /** Name; known in previews. */
  declare readonly name: pulumi.Output<string>;
  /** Public key (U…). */
  declare readonly publicKey: pulumi.Output<string>;
  /** Seed (SU…); a secret; undefined where another holds it. */
  declare readonly seed: pulumi.Output<string>;
  /** The user's JWT; a secret, since a bearer's alone opens connections. */
  declare readonly jwt: pulumi.Output<string>;
  /** Content of a creds file, the JWT with the seed; a secret; undefined without the seed. */
  declare readonly creds: pulumi.Output<string>;

  constructor(name: string, args: UserArgs, options: pulumi.CustomResourceOptions = {}) {
    refuseArguments("User", name, shape, args);
    const { account, key, role, revokeOnDelete = true, ...settings } = args;
    const authority = revokeOnDelete ? account.authority : undefined;
    super(
      "User",
      name,
      {
        name,
        ...settings,
        ...(key === undefined ? {} : { key: pulumi.secret(key) }),
        ...(role === undefined ? {} : { role }),
        // Its id is its public key, which a preview knows while the account stays.
        account: account instanceof Account ? account.id : account.publicKey,
        signingKey: signingKey(account, role),
        ...(account.keyring === undefined ? {} : { keyring: account.keyring }),
        ...(authority === undefined ? {} : { authority: pulumi.secret(authority) }),
      },
      ["publicKey", "seed", "jwt", "creds", "issuedAt"],
      // With its account a user goes by itself.
      account instanceof Account ? { deletedWith: account, ...options } : options,
      ["key", "signingKey", "authority", "seed", "jwt", "creds"],
    );
  }
}

const accountFix = "account: payments (the nats.Account)";
/** What the constructor itself looks into; the rest is judged with the resource. */
const shape = required(
  partOf<UserArgs>({
    account: required(having("an account", ["publicKey", "signingKey"], accountFix), accountFix),
    revokeOnDelete: flag,
  }),
  "{ account: payments }",
);

function signingKey(
  { signingKey: own, roles }: AccountKeys,
  role: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  const all = pulumi
    .all([own, roles ?? {}, role])
    .apply(([seed, byRole, wanted]) =>
      wanted === undefined ? (seed ?? "") : ((byRole as Record<string, string>)[wanted] ?? ""),
    );
  return pulumi.secret(all);
}
