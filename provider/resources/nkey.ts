import type * as pulumi from "@pulumi/pulumi";
import { NatsResource } from "./natsResource";

/** Arguments of {@link Nkey}. */
export interface NkeyArgs {
  /** What the key is for: "user" (default), "account", "operator", "server" or "cluster". A change makes a new key. */
  readonly type?: pulumi.Input<"user" | "account" | "operator" | "server" | "cluster">;
  /** Any text; a change of it makes a new key. Default none. */
  readonly keeper?: pulumi.Input<string>;
}

/**
 * An Ed25519 key pair as NATS writes them (nkey). The seed is a secret from the moment it exists.
 *
 * @example
 * ```ts
 * const key = new nats.Nkey("billing");
 * new nats.Cluster("east", { target: nats.thisMachine(), accounts: { APP: { users: [{ nkey: key.publicKey }] } } });
 * ```
 */
export class Nkey extends NatsResource {
  /** Public key: U…, A…, O…, N… or C…. */
  declare readonly publicKey: pulumi.Output<string>;
  /** Seed (SU…, SA…, SO…); a secret. */
  declare readonly seed: pulumi.Output<string>;

  constructor(name: string, args: NkeyArgs = {}, options?: pulumi.CustomResourceOptions) {
    super("Nkey", name, { type: "user", ...args }, ["publicKey", "seed"], options, ["seed"]);
  }
}
