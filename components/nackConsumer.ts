import * as pulumi from "@pulumi/pulumi";
import { consumerSpec } from "../provider/model/nack/nackConsumer";
import type { NackConsumerArgs } from "./nackConsumerArgs";
import { nackObject, nackSpecOf } from "./nackObject";
import { nackSpecShape, refuseNack } from "./nackShape";
import { accountNameOf, specArgs } from "./nackSpecArgs";

/**
 * A consumer as an object of Kubernetes, `nats.nack.Consumer`, which nack's controller makes and keeps so. `up` goes on once
 * NATS has it, and fails with the controller's words where it can't within a minute, or
 * the time of `customTimeouts`.
 *
 * @example
 * ```ts
 * new nats.nack.Consumer("billing", { nack, streamName: orders.streamName, filterSubject: "orders.paid", ackWait: "1m" });
 * ```
 */
export class NackConsumer extends pulumi.ComponentResource {
  /** Name of the consumer in NATS; there once it is. */
  readonly durableName: pulumi.Output<string>;

  constructor(name: string, args: NackConsumerArgs, options?: pulumi.ComponentResourceOptions) {
    super("nats:nack:Consumer", name, {}, options);
    refuseNack("Consumer", name, nackSpecShape, args);
    const durableName = pulumi.output(args.durableName ?? name);
    const streamName = pulumi.output(args.streamName);
    const inputs = { ...specArgs(args), durableName, streamName, account: accountNameOf(args.account) };
    const object = nackObject(this, {
      kind: "Consumer",
      name,
      args,
      customTimeouts: options?.customTimeouts,
      names: pulumi.all([streamName, durableName]),
      spec: nackSpecOf(`nats.nack.Consumer "${name}"`, inputs, consumerSpec),
    });
    this.durableName = pulumi.all([durableName, object.urn]).apply(([own]) => own);
    this.registerOutputs({ durableName: this.durableName });
  }
}
