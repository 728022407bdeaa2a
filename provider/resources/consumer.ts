import * as pulumi from "@pulumi/pulumi";
import { object, required } from "../model/argument";
import type { ConsumerSettings } from "../model/consumerSettings";
import { NatsResource } from "./natsResource";
import { withItsStream } from "./streamNames";
import { refuseArguments } from "./refuseArguments";
import type { Wrapped } from "./wrapped";

export type * from "../model/consumerSettings";

/** Settings of a consumer as a program gives them. */
export type ConsumerSettingArgs = { readonly [Key in keyof ConsumerSettings]?: Wrapped<ConsumerSettings[Key]> };

/** Arguments of {@link Consumer}. */
export interface ConsumerArgs extends ConsumerSettingArgs {
  /** Name of the stream: `orders.name` of a Stream, which also puts the two in order. Change: replace, from its start. */
  readonly stream: pulumi.Input<string>;
  /**
   * Take over a consumer of that name that exists already, as far as it can become what the program says. Default false: one
   * that this stack has not made is an error. The option `import` is the other way. A resource that had
   * it before leaves it when that ends; a change of its own takes it back, which its preview says ("belongs to … now: this change
   * takes it back").
   */
  readonly adopt?: pulumi.Input<boolean>;
  /**
   * Where a replacement starts: "resume" goes on after the last message up to which all are acknowledged, so that only
   * unacknowledged messages come again; "restart" starts as deliverPolicy says. Default "resume". A new deliverPolicy, start or
   * stream always starts there, and so do consumers of work queues, which hold nothing acknowledged.
   */
  readonly onReplace?: pulumi.Input<"resume" | "restart">;
  /**
   * What to do when the consumer's end (its removal, a move to another stream) or a change (other filters, a new start) would make
   * a stream with retention "interest" delete messages that no other consumer waits for: "refuse" stops, of a change in the
   * preview, and again before anything is sent; "allow" goes on. Default "refuse". Streams of other retentions delete nothing then.
   * A backup is the stream's: its snapshots hold the consumers too. For a whole stack: `PULUMI_NATS_ON_DATA_LOSS=allow pulumi destroy`.
   */
  readonly onDataLoss?: pulumi.Input<"refuse" | "allow">;
}

/**
 * A consumer of a JetStream stream with every setting of servers 2.11 to 2.15, pull or push. The preview says what changes in
 * place, what needs a new consumer, and how many messages that delivers again.
 *
 * A stream with retention "interest" deletes what nobody waits for any more: an end or a change of a consumer that brings that
 * about is refused, see {@link ConsumerArgs.onDataLoss}. Servers end consumers with their stream: one with `stream: orders.name`
 * has the option `deletedWith: orders` by itself (unless `orders` is read by `get` or has retainOnDelete), so that where both go, in a
 * `destroy` or a replacement of the stream, the stream's onDataLoss alone decides. Where that refuses, the consumer is still there, and
 * the next `up` takes it on again. A consumer whose stream's name is a text, or of a `Streams`, needs the option said:
 * `deletedWith: streams`.
 *
 * Import ids: `ORDERS/invoices`, or `JETSTREAM_STREAM_ORDERS_CONSUMER_invoices` as the Terraform provider writes them.
 *
 * @example
 * ```ts
 * const invoices = new nats.Consumer("invoices", {
 *     stream: orders.name,
 *     filterSubject: "orders.paid",
 *     maxDeliver: 5,
 *     backoff: ["1s", "10s", "1m"],
 * }, { provider });
 * ```
 */
export class Consumer extends NatsResource {
  /** Name of the consumer; known in previews. */
  declare readonly name: pulumi.Output<string>;
  /** Name of its stream. */
  declare readonly stream: pulumi.Output<string>;
  /** When the consumer was made, RFC 3339. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: ConsumerArgs, options?: pulumi.CustomResourceOptions) {
    refuseArguments("Consumer", name, required(object), args);
    super("Consumer", name, { ...args, name: args.name ?? name }, ["created"], withItsStream(args.stream, options));
  }

  /** A consumer that exists, as it is: read at every run, never changed. `id` is `ORDERS/invoices`. */
  static get(name: string, id: pulumi.Input<string>, options: pulumi.CustomResourceOptions = {}): Consumer {
    const part = (index: number) => pulumi.output(id).apply((text) => text.split("/")[index] ?? text);
    return new Consumer(name, { stream: part(0), name: part(1) }, { ...options, id });
  }
}
