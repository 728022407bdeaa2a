import * as pulumi from "@pulumi/pulumi";
import type { OperatorSettings } from "../model/jwt/operatorClaims";
import { keyring } from "./keyring";
import { object } from "../model/argument";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";
import type { Wrapped } from "./wrapped";

/** Arguments of {@link Operator}: nsc's flags in camelCase, and keys of one's own. */
export interface OperatorArgs extends Partial<{
  readonly [Key in keyof OperatorSettings]: Wrapped<OperatorSettings[Key]>;
}> {
  /**
   * Signing keys, which issue accounts so that the operator's own key need not: "generate", seeds (SO…) of your own, or public
   * keys (O…) that others hold. The first with a seed issues; all are accepted. Default "generate", as nsc's
   * `--generate-signing-key`; `[]` is none. To rotate: first `[old, new]`, which
   * restarts the servers one by one, then `[new, old]`, which issues all accounts anew, then `[new]`, which restarts them again.
   */
  readonly sk?: pulumi.Input<string> | pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Seed (SO…) of an operator key of your own; kept as a secret. Default: one is made. Another key is another operator. */
  readonly key?: pulumi.Input<string>;
  /** Seed (SA…) of the system account's key, of your own; kept as a secret. Default: one is made. */
  readonly systemAccountKey?: pulumi.Input<string>;
  /** Seed (SU…) of the system account's user, of your own; kept as a secret. Default: one is made. */
  readonly systemUserKey?: pulumi.Input<string>;
}

/** What issues accounts: an {@link Operator}, or its keys from elsewhere (another stack, a vault). */
export interface OperatorKeys {
  /** Public key (O…). */
  readonly publicKey: pulumi.Input<string>;
  /** Seed (SO…) that signs accounts: a signing key's, or the operator's own; kept as a secret. */
  readonly signingKey: pulumi.Input<string>;
  /** Changes only where the keys do; see {@link Operator.keyring}. Default none. */
  readonly keyring?: pulumi.Input<string>;
}

/**
 * An operator with its system account SYS and that account's user: what a cluster trusts, and what issues its accounts.
 * All keys are made here, unless you bring your own, and are secrets from the moment they exist. A change makes a new operator
 * JWT, which the servers of its clusters take by a restart, one at a time.
 *
 * @example
 * ```ts
 * const operator = new nats.Operator("MyOperator");
 * const east = new nats.Cluster("east", { target: nats.thisMachine({ servers: 3 }), operator, jetstream: {} });
 * const orders = new nats.Account("orders", { cluster: east, jsDiskStorage: "10GiB" });
 * ```
 */
export class Operator extends NatsResource {
  /** Public key (O…). */
  declare readonly publicKey: pulumi.Output<string>;
  /** Seed (SO…) of the operator's own key; a secret. */
  declare readonly seed: pulumi.Output<string>;
  /** Seed (SO…) that issues accounts; a secret. */
  declare readonly signingKey: pulumi.Output<string>;
  /** Public signing keys (O…). */
  declare readonly signingKeys: pulumi.Output<string[]>;
  /** The operator's JWT, which servers are configured with. */
  declare readonly jwt: pulumi.Output<string>;
  /** Public key (A…) of the system account. */
  declare readonly systemAccount: pulumi.Output<string>;
  /** JWT of the system account. */
  declare readonly systemAccountJwt: pulumi.Output<string>;
  /** Seed (SA…) of the system account; a secret. */
  declare readonly systemAccountSeed: pulumi.Output<string>;
  /** Seed (SA…) that issues users of the system account; a secret. */
  declare readonly systemSigningKey: pulumi.Output<string>;
  /** Public key (U…) of the system account's user. */
  declare readonly systemUser: pulumi.Output<string>;
  /** Content of a creds file of the system account's user; a secret. */
  declare readonly systemCreds: pulumi.Output<string>;
  /** Stays the same while the keys do, so that previews know it when a setting changes and nothing else of the operator is known. */
  readonly keyring: pulumi.Output<string>;

  constructor(name: string, args: OperatorArgs = {}, options?: pulumi.CustomResourceOptions) {
    refuseArguments("Operator", name, object, args);
    const { key, sk = "generate", systemAccountKey, systemUserKey, ...settings } = args;
    const hidden = (value: unknown) => (value === undefined ? undefined : pulumi.secret(value));
    super(
      "Operator",
      name,
      {
        name,
        ...settings,
        key: hidden(key),
        sk: sk === "generate" ? sk : hidden(sk),
        systemAccountKey: hidden(systemAccountKey),
        systemUserKey: hidden(systemUserKey),
      },
      [
        "publicKey",
        "seed",
        "signingKey",
        "signingKeys",
        "generated",
        "jwt",
        "systemAccount",
        "systemAccountJwt",
        "systemAccountSeed",
        "systemSigningKey",
        "systemUser",
        "systemUserJwt",
        "systemCreds",
        "issuedAt",
      ],
      options,
      ["seed", "signingKey", "generated", "systemAccountSeed", "systemSigningKey", "systemCreds"],
    );
    this.keyring = keyring(this, { key, sk, systemAccountKey, systemUserKey, required: settings.requireSigningKeys });
  }

  /** What issues users of the system account: `new nats.User("admin", { account: operator.system })`. */
  get system(): {
    readonly publicKey: pulumi.Output<string>;
    readonly signingKey: pulumi.Output<string>;
    readonly keyring: pulumi.Output<string>;
  } {
    return { publicKey: this.systemAccount, signingKey: this.systemSigningKey, keyring: this.keyring };
  }
}
