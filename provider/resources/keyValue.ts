import * as pulumi from "@pulumi/pulumi";
import { object } from "../model/argument";
import type { KeyValueSettings } from "../model/keyValueSettings";
import type { DataArgs } from "./dataArgs";
import { NatsResource } from "./natsResource";
import { refuseArguments } from "./refuseArguments";
import type { Wrapped } from "./wrapped";

export type * from "../model/keyValueSettings";

/** Settings of a bucket as a program gives them. */
export type KeyValueSettingArgs = { readonly [Key in keyof KeyValueSettings]?: Wrapped<KeyValueSettings[Key]> };

/** Arguments of {@link KeyValue}. */
export interface KeyValueArgs extends KeyValueSettingArgs, DataArgs {
  /**
   * Take over a bucket of that name that exists already, as far as it can become what the program says. Default false: one that
   * this stack has not made is an error. The option `import` is the other way. A resource that had
   * it before leaves it when that ends; a change of its own takes it back, which its preview says ("belongs to … now: this change
   * takes it back").
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * A key-value bucket, made exactly as `nats kv add` and the clients make it, so that all of them can use it. The preview says
 * what a change does to the bucket as it is on the server: what changes in place, can't be undone, replaces it, and how many
 * values it deletes.
 *
 * Import ids: `config`, or `JETSTREAM_KV_config` as the Terraform provider writes them.
 *
 * @example
 * ```ts
 * const config = new nats.KeyValue("config", { history: 5, replicas: 3, limitMarkerTtl: "1h" }, { provider });
 * new nats.KeyValueEntry("limits", { bucket: config.bucket, key: "api.limits", json: { rate: 100 } }, { provider });
 * ```
 */
export class KeyValue extends NatsResource {
  /** Name of the bucket; known in previews. */
  declare readonly bucket: pulumi.Output<string>;
  /** When the bucket was made, RFC 3339. */
  declare readonly created: pulumi.Output<string>;

  constructor(name: string, args: KeyValueArgs = {}, options?: pulumi.CustomResourceOptions) {
    refuseArguments("KeyValue", name, object, args);
    super("KeyValue", name, { ...args, bucket: args.bucket ?? name }, ["created"], options);
  }

  /** Name of the stream that the bucket is, `KV_<bucket>`; known in previews. */
  get stream(): pulumi.Output<string> {
    return pulumi.interpolate`KV_${this.bucket}`;
  }

  /** A bucket that exists, as it is: read at every run, never changed. `id` is its name. */
  static get(name: string, id: pulumi.Input<string>, options: pulumi.CustomResourceOptions = {}): KeyValue {
    return new KeyValue(name, { bucket: id }, { ...options, id });
  }
}
