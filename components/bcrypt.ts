import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { NatsError } from "../provider/errors";

/** Options of {@link bcrypt}. */
export interface BcryptArgs {
  /** Cost, 4 to 16: each step doubles the time of a login. Default 11, as `nats server mkpasswd` has it. A change is a hot reload. */
  readonly cost?: number;
  /** Whose password it is; the same password of two users then has two hashes. Default "". */
  readonly label?: string;
}

/**
 * The bcrypt hash of a password, for servers that should not hold the password itself. The salt is derived from the password
 * and the label, so that the same input has the same hash and a preview stays empty.
 *
 * @example
 * ```ts
 * users: [{ user: "app", password: nats.bcrypt(password, { label: "app" }) }]
 * ```
 */
export function bcrypt(password: pulumi.Input<string>, args: BcryptArgs = {}): pulumi.Output<string> {
  const cost = args.cost ?? 11;
  if (!Number.isInteger(cost) || cost < 4 || cost > 16) {
    throw new NatsError(`nats.bcrypt: cost ${cost}: a whole number from 4 to 16 is wanted. Fix: cost: 11`);
  }
  return pulumi.secret(pulumi.output(password).apply((text) => hash(text, cost, args.label ?? "")));
}

async function hash(password: string, cost: number, label: string): Promise<string> {
  if (Buffer.byteLength(password) > 72) {
    throw new NatsError("nats.bcrypt: the password is longer than the 72 bytes that bcrypt reads. Fix: a shorter one");
  }
  const library = await import("bcryptjs");
  const salt = createHmac("sha256", password).update(`pulumi-nats bcrypt ${label}`).digest().subarray(0, 16);
  const rounds = String(cost).padStart(2, "0");
  return library.hash(password, `$2a$${rounds}$${library.encodeBase64(salt, 16)}`);
}
