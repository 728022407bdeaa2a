import type * as pulumi from "@pulumi/pulumi";
import { object, required } from "../model/argument";
import type { ConsumerSettingArgs } from "./consumer";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";

/** One consumer of {@link Consumers}; its name and its stream's are its keys. */
export interface ConsumersMemberArgs extends Omit<ConsumerSettingArgs, "name"> {
  /** For this consumer alone, see {@link ConsumersArgs.adopt}. */
  readonly adopt?: pulumi.Input<boolean>;
  /** For this consumer alone, see {@link ConsumersArgs.onReplace}. */
  readonly onReplace?: pulumi.Input<"resume" | "restart">;
  /** For this consumer alone, see {@link ConsumersArgs.onDataLoss}. */
  readonly onDataLoss?: pulumi.Input<"refuse" | "allow">;
}

/** Arguments of {@link Consumers}. */
export interface ConsumersArgs {
  /** The consumers by the name of their stream, then by their own, each with the settings of a single one. */
  readonly consumers: pulumi.Input<
    Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<ConsumersMemberArgs>>>>>>
  >;
  /** Settings of all consumers that don't say otherwise themselves; each setting as a whole. */
  readonly defaults?: pulumi.Input<Omit<ConsumerSettingArgs, "name">>;
  /** Take over consumers of these names that exist already. Default false: they are an error. */
  readonly adopt?: pulumi.Input<boolean>;
  /** Where replacements start: "resume" after what is acknowledged, "restart" as deliverPolicy says. Default "resume". */
  readonly onReplace?: pulumi.Input<"resume" | "restart">;
  /**
   * Whether ends and changes may go on that make a stream with retention "interest" delete messages, as with a single
   * {@link Consumer}; those that end together are counted together. Default "refuse".
   */
  readonly onDataLoss?: pulumi.Input<"refuse" | "allow">;
}

/**
 * Many consumers, of one stream or of many, as one resource: the way for hundreds and thousands. Each is checked, previewed
 * and changed as a {@link Consumer} is; the preview names what changes (`consumers.ORDERS.invoices.ackWait`). One that the
 * program names no more is deleted; one that must be replaced is replaced alone, and goes on after what is acknowledged. Where
 * some fail, the others stand, and the next `up` goes on.
 *
 * Made in the same program as their streams, they need `dependsOn`; where all of these are one `Streams`, `deletedWith: streams`
 * leaves it to that one's onDataLoss what becomes of messages when both go. Import ids: `ORDERS/invoices`, patterns such as `ORDERS/*`,
 * several separated by commas.
 *
 * @example
 * ```ts
 * new nats.Consumers("apps", {
 *     defaults: { ackWait: "1m", maxDeliver: 5 },
 *     consumers: {
 *         ORDERS: { invoices: { filterSubject: "orders.paid" }, mails: {} },
 *         INVOICES: { archive: { ackPolicy: "all" } },
 *     },
 * }, { provider, dependsOn: streams });
 * ```
 */
export class Consumers extends NatsResource {
  constructor(name: string, args: ConsumersArgs, options?: pulumi.CustomResourceOptions) {
    refuseArguments("Consumers", name, required(object), args);
    super("Consumers", name, { ...args }, [], options);
  }
}
