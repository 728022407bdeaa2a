import type * as pulumi from "@pulumi/pulumi";
import { NatsResource } from "./natsResource";

/** Arguments of {@link Password}. */
export interface PasswordArgs {
  /** How many letters and digits, 16 to 128. Default 32 (about 185 bits). A change makes a new password. */
  readonly length?: pulumi.Input<number>;
  /** Any text; a change of it makes a new password: `keeper: "2026-11"`. Default none. */
  readonly keeper?: pulumi.Input<string>;
}

/**
 * A random password or token that is made once and kept encrypted in the stack's state.
 *
 * @example
 * ```ts
 * const password = new nats.Password("orders");
 * new nats.Cluster("east", {
 *     target: nats.thisMachine(),
 *     accounts: { APP: { users: [{ user: "orders", password: password.result }] } },
 * });
 * ```
 */
export class Password extends NatsResource {
  /** The password; a secret. */
  declare readonly result: pulumi.Output<string>;

  constructor(name: string, args: PasswordArgs = {}, options?: pulumi.CustomResourceOptions) {
    super("Password", name, { length: 32, ...args }, ["result"], options, ["result"]);
  }
}
