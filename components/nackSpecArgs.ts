import type * as pulumi from "@pulumi/pulumi";
import type { NackAccount } from "./nackAccount";
import type { NackObjectArgs } from "./nackObject";

const own: Record<keyof NackObjectArgs, true> = {
  nack: true,
  namespace: true,
  objectName: true,
  labels: true,
  annotations: true,
};

/** The arguments that are the object's spec. */
export function specArgs(args: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !Object.hasOwn(own, key)));
}

/** The name by which an object refers to its account. */
export function accountNameOf(
  account: NackAccount | pulumi.Input<string> | undefined,
): pulumi.Input<string> | undefined {
  return typeof account === "object" && "accountName" in account ? account.accountName : account;
}
