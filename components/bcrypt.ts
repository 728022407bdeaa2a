import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ProblemsError } from "../provider/errors";
import type { Problem } from "../provider/errors";
import { input, number, objectOf, required, secretText, text } from "../provider/model/argument";

/** Options of {@link bcrypt}. */
export interface BcryptArgs {
  /** Cost, 4 to 16: each step doubles the time of a login. Default 11, as `nats server mkpasswd` has it. A change is a hot reload. */
  readonly cost?: number;
  /** Whose password it is; the same password of two users then has two hashes. Default "". */
  readonly label?: string;
}

/**
 * The bcrypt hash of a password, for servers that should not hold the password itself. The salt is derived from the password
 * and the label, so that the same input has the same hash and a preview stays empty. Errors: a password that is empty, longer than
 * the 72 bytes that bcrypt reads, or a hash already.
 *
 * @example
 * ```ts
 * users: [{ user: "app", password: nats.bcrypt(password, { label: "app" }) }]
 * ```
 */
export function bcrypt(password: pulumi.Input<string>, args: BcryptArgs = {}): pulumi.Output<string> {
  refuse([...given(password, "password"), ...shape(args, "")]);
  const cost = args.cost ?? 11;
  if (!Number.isInteger(cost) || cost < 4 || cost > 16) {
    refuse([{ path: "cost", reason: `${cost}: a whole number from 4 to 16 is wanted`, fix: "cost: 11" }]);
  }
  if (typeof password === "string") refuse(passwordProblems(password));
  return pulumi.secret(pulumi.output(password).apply((known) => hash(known, cost, args.label ?? "")));
}

const wanted = required(secretText, 'nats.bcrypt(config.requireSecret("password"))');
const given = required(input(secretText), 'nats.bcrypt(config.requireSecret("password"))');
const shape = objectOf<BcryptArgs>({ cost: number, label: text });

/** What is wrong with the text itself, which is not shown. */
function passwordProblems(password: unknown): Problem[] {
  if (typeof password !== "string") return wanted(password, "password");
  const problem = (reason: string, fix: string): Problem[] => [{ path: "password", reason, fix }];
  if (password === "") return problem("is empty, which protects nothing", "a value");
  if (/^\$2[abxy]?\$\d\d\$/.test(password)) {
    return problem("is a bcrypt hash already, and nobody could log in with it", "the hash without nats.bcrypt");
  }
  return Buffer.byteLength(password) > 72
    ? problem("is longer than the 72 bytes that bcrypt reads", "a shorter one")
    : [];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProblemsError("nats.bcrypt", problems);
}

async function hash(password: string, cost: number, label: string): Promise<string> {
  refuse(passwordProblems(password));
  const library = await import("bcryptjs");
  const salt = createHmac("sha256", password).update(`pulumi-nats bcrypt ${label}`).digest().subarray(0, 16);
  const rounds = String(cost).padStart(2, "0");
  return library.hash(password, `$2a$${rounds}$${library.encodeBase64(salt, 16)}`);
}
