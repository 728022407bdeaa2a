import type * as pulumi from "@pulumi/pulumi";
import { object } from "../model/argument";
import type { DataArgs } from "./dataArgs";
import type { StreamSettings } from "../model/streamSettings";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";
import { knowStream } from "./streamNames";
import type { Wrapped } from "./wrapped";

export type * from "./dataArgs";
export type * from "../model/streamSettings";

/** Settings of a stream as a program gives them. */
export type StreamSettingArgs = { readonly [Key in keyof StreamSettings]?: Wrapped<StreamSettings[Key]> };

/** Arguments of {@link Stream}. */
export interface StreamArgs extends StreamSettingArgs, DataArgs {
  /**
   * Take over a stream of that name that exists already, as far as it can become what the program says. Default false: one
   * that this stack has not made is an error. The option `import` is the other way. A resource that had
   * it before leaves it when that ends; a change of its own takes it back, which its preview says ("belongs to … now: this change
   * takes it back").
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * A JetStream stream with every setting of servers 2.11 to 2.15. The preview says what a change does to the stream as it is on
 * the server: what changes in place, can't be undone, replaces it, and how many messages it deletes.
 *
 * Import ids: `ORDERS`, or `JETSTREAM_STREAM_ORDERS` as the Terraform provider writes them.
 *
 * @example
 * ```ts
 * const orders = new nats.Stream("ORDERS", {
 *     subjects: ["orders.>"],
 *     replicas: 3,
 *     maxAge: "24h",
 *     maxBytes: "10GiB",
 * }, { provider });
 * ```
 */
export class Stream extends NatsResource {
  /** Name of the stream; known in previews. */
  declare readonly name: pulumi.Output<string>;
  /** Subjects that are stored; known in previews, undefined for mirrors. */
  declare readonly subjects: pulumi.Output<string[] | undefined>;
  /** When the stream was made, RFC 3339. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: StreamArgs = {}, options?: pulumi.CustomResourceOptions) {
    refuseArguments("Stream", name, object, args);
    super("Stream", name, propsOf(name, args), ["created"], options);
    knowStream(this.name, this, options);
  }

  /** A stream that exists, as it is: read at every run, never changed. `id` is its name. */
  static get(name: string, id: pulumi.Input<string>, options: pulumi.CustomResourceOptions = {}): Stream {
    return new Stream(name, { name: id }, { ...options, id });
  }
}

function propsOf(name: string, args: StreamArgs): pulumi.Inputs {
  const streamName = args.name ?? name;
  const isCopy = args.mirror !== undefined || args.sources !== undefined;
  const subjects = args.subjects ?? (isCopy ? undefined : [streamName]);
  return { ...args, name: streamName, ...(subjects === undefined ? {} : { subjects }) };
}
