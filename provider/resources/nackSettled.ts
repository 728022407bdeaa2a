import type * as pulumi from "@pulumi/pulumi";
import type { NackSettledInputs } from "../model/nack/nackSettled";
import { NatsResource } from "./natsResource";
import type { Wrapped } from "./wrapped";

/** Waits until nack's controller has made NATS as an object of it says, and fails with the controller's words. */
export class NackSettled extends NatsResource {
  constructor(
    name: string,
    args: {
      readonly [Key in keyof NackSettledInputs]:
        Wrapped<NackSettledInputs[Key]> | pulumi.Output<NackSettledInputs[Key] | undefined>;
    },
    options?: pulumi.CustomResourceOptions,
  ) {
    super("NackSettled", name, { ...args }, [], options);
  }
}
