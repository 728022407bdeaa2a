import * as pulumi from "@pulumi/pulumi";
import { object, required } from "../model/argument";
import type { DataArgs } from "./dataArgs";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";
import type { StreamSettingArgs } from "./stream";

/** One stream of {@link Streams}; its name is its key. */
export interface StreamsMemberArgs extends Omit<StreamSettingArgs, "name">, DataArgs {
  /** For this stream alone, see {@link StreamsArgs.adopt}. */
  readonly adopt?: pulumi.Input<boolean>;
}

/** Arguments of {@link Streams}. */
export interface StreamsArgs extends Omit<DataArgs, "restoreFrom"> {
  /** The streams by name, each with the settings of a single one; one that says nothing stores the subject of its name. */
  readonly streams: pulumi.Input<Readonly<Record<string, pulumi.Input<StreamsMemberArgs>>>>;
  /** Settings of all streams that don't say otherwise themselves; each setting as a whole. */
  readonly defaults?: pulumi.Input<Omit<StreamSettingArgs, "name">>;
  /** Take over streams of these names that exist already. Default false: they are an error. */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * Many JetStream streams as one resource: the way for hundreds and thousands, where one resource each makes large states and
 * slow runs. Each stream is checked, previewed and changed as a {@link Stream} is; the preview names what changes by stream
 * (`streams.ORDERS.maxAge`). A stream that the program names no more is deleted, if it is empty or `onDataLoss` lets it go ("backup" keeps a snapshot of each); one
 * that must be replaced is replaced alone. Where some fail, the others stand, and the next `up` goes on.
 *
 * Import ids: names and patterns, separated by commas: `ORDERS,INVOICES`, `app_*`, `*` (all but buckets).
 *
 * @example
 * ```ts
 * const apps = new nats.Streams("apps", {
 *     defaults: { replicas: 3, maxAge: "24h" },
 *     streams: {
 *         ORDERS: { subjects: ["orders.>"], maxBytes: "10GiB" },
 *         INVOICES: { subjects: ["invoices.>"], maxAge: "720h" },
 *     },
 * }, { provider });
 * ```
 */
export class Streams extends NatsResource {
  /** Names of the streams; known in previews. */
  readonly names: pulumi.Output<string[]>;

  constructor(name: string, args: StreamsArgs, options?: pulumi.CustomResourceOptions) {
    refuseArguments("Streams", name, required(object), args);
    super("Streams", name, { ...args }, [], options);
    this.names = pulumi.all([pulumi.output(args.streams), this.urn]).apply(([streams]) => Object.keys(streams));
  }
}
