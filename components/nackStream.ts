import * as pulumi from "@pulumi/pulumi";
import { streamSpec } from "../provider/model/nack/nackStream";
import { nackObject, nackSpecOf } from "./nackObject";
import { nackSpecShape, refuseNack } from "./nackShape";
import { accountNameOf, specArgs } from "./nackSpecArgs";
import type { NackStreamArgs } from "./nackStreamArgs";

/**
 * A stream as an object of Kubernetes, `nats.nack.Stream`, which nack's controller makes and keeps so. `up` goes on once NATS
 * has it, and fails with the controller's words where it can't within a minute, or
 * the time of `customTimeouts`.
 *
 * @example
 * ```ts
 * const orders = new nats.nack.Stream("ORDERS", { nack, subjects: ["orders.>"], replicas: 3, maxAge: "7d", maxBytes: "10GiB" });
 * ```
 */
export class NackStream extends pulumi.ComponentResource {
  /** Name of the stream in NATS; there once it is. */
  readonly streamName: pulumi.Output<string>;

  constructor(name: string, args: NackStreamArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super("nats:nack:Stream", name, {}, options);
    refuseNack("Stream", name, nackSpecShape, args);
    const streamName = pulumi.output(args.name ?? name);
    const inputs = { ...specArgs(args), name: streamName, account: accountNameOf(args.account) };
    const object = nackObject(this, {
      kind: "Stream",
      name,
      args,
      customTimeouts: options?.customTimeouts,
      names: streamName.apply((own) => [own]),
      spec: nackSpecOf(`nats.nack.Stream "${name}"`, inputs, streamSpec),
    });
    this.streamName = pulumi.all([streamName, object.urn]).apply(([own]) => own);
    this.registerOutputs({ streamName: this.streamName });
  }
}
